"""The values that travel down the chain, and the record that leaves it.

The first half is what one stage hands to the next; the second half is the output record, field for field as in
``schemas/wiredesk.v1.TaggedArticle.avsc``. Everything is frozen: a stage makes a new value, it never changes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.failures.reasons import Reason

# ------------------------------------------------------------------------------------------------ what travels


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Where something stood in the input: offsets ``[start, end)`` of one partition.

    The ranges of a partition are seamless: ``start`` is ``base`` or the ``end`` of the range before. ``base`` is the
    offset at which this run began to read the partition. ``reading`` grows by one when it begins anew elsewhere under a
    live run (offset out of range, topic recreated): a topic that was recreated may have the same base again.
    """

    topic: str
    partition: int
    start: int
    end: int
    base: int
    reading: int = 0

    @property
    def offset(self) -> int:
        """The offset of the record itself (meaningless for a `Gap`)."""
        return self.end - 1


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One Kafka record as it was read. ``timestamp_ms`` is the record's own, in milliseconds UTC; None in `tag`."""

    at: Coordinates
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int | None = None

    def header(self, name: str) -> str | None:
        """The last header of that name as text, or None; bytes that are not UTF-8 are replaced."""
        for key, value in reversed(self.headers):
            if key == name and value is not None:
                return value.decode("utf-8", "replace")
        return None


@dataclass(frozen=True, slots=True)
class Gap:
    """Offsets that hold no record for us: transaction markers, compacted or aborted records."""

    at: Coordinates


@dataclass(frozen=True, slots=True)
class Part:
    """Part number ``part`` (from 0) of the ``parts`` that one record yielded. Every part ends exactly one way."""

    record: RawRecord
    part: int = 0
    parts: int = 1

    @property
    def origin(self) -> str:
        """``topic/partition/offset/part``, the value of the header ``wiredesk.origin``."""
        at = self.record.at
        return f"{at.topic}/{at.partition}/{at.offset}/{self.part}"


@dataclass(frozen=True, slots=True)
class Article:
    """What `decode` read out of one part: typed values, text still as the sender wrote it.

    ``body_is_html`` says that markup in ``body`` is markup; otherwise ``<`` is a character like any other.
    ``find_headline`` asks `clean` to look for the headline in the body (plain text input only).
    Times are aware UTC with a stated precision, None where the sender gave none that could be read.
    """

    source: Part
    id: str
    headline: str | None
    body: str
    body_is_html: bool = False
    find_headline: bool = False
    version: str | None = None
    byline: str | None = None
    language: str | None = None
    provider: str | None = None
    url: str | None = None
    urgency: int | None = None
    published_at: Moment | None = None
    updated_at: Moment | None = None
    embargo_until: datetime | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """An `Article` whose ``headline`` and ``body`` are the text of the record: what all spans point into."""

    source: Part
    id: str
    headline: str | None
    body: str
    language: str
    dateline: Dateline | None = None
    version: str | None = None
    byline: str | None = None
    provider: str | None = None
    url: str | None = None
    urgency: int | None = None
    published_at: Moment | None = None
    updated_at: Moment | None = None
    embargo_until: datetime | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tagged:
    """A finished record on its way to `encode`."""

    source: Part
    article: TaggedArticle


@dataclass(frozen=True, slots=True)
class EncodedRecord:
    """The Avro bytes of one tagged part: the whole record and its events."""

    source: Part
    article_id: str
    tagged: bytes
    events: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong with a record: a code and a sentence that names the field and the next step."""

    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A part that becomes a dead letter, with every problem found (never none) and, where one caused it, the error."""

    source: Part
    stage: str
    problems: tuple[Problem, ...]
    exception_class: str | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part that ends without an output, for a counted reason. Holds the record only for its coordinates."""

    source: Part
    stage: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Done:
    """Part ``part`` of ``parts`` at these coordinates has ended and what it wrote is acknowledged.

    For a `Gap` it is part 0 of 1.
    """

    at: Coordinates
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class Message:
    """One Kafka record to be produced. ``timestamp_ms`` None: the time of sending."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int | None = None


# ------------------------------------------------------------------------------------------------ the record


class Precision(StrEnum):
    """How exact a time is."""

    UNKNOWN = "UNKNOWN"
    SECOND = "SECOND"
    MINUTE = "MINUTE"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


class Field(StrEnum):
    """Which text a span points into."""

    UNKNOWN = "UNKNOWN"
    HEADLINE = "HEADLINE"
    BODY = "BODY"


class Action(StrEnum):
    """What a reader must do with the record."""

    UNKNOWN = "UNKNOWN"
    PUBLISH = "PUBLISH"
    WITHHOLD = "WITHHOLD"
    CANCEL = "CANCEL"


class Change(StrEnum):
    """What kind of revision a record is."""

    UNKNOWN = "UNKNOWN"
    NEW = "NEW"
    UPDATE = "UPDATE"
    CORRECTION = "CORRECTION"
    REFILE = "REFILE"
    RETRANSMISSION = "RETRANSMISSION"


class EntityType(StrEnum):
    """Kinds of real-world things."""

    UNKNOWN = "UNKNOWN"
    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"
    PLACE = "PLACE"
    GROUP = "GROUP"
    EVENT = "EVENT"
    OBJECT = "OBJECT"


class MentionKind(StrEnum):
    """How a mention names its entity."""

    UNKNOWN = "UNKNOWN"
    NAME = "NAME"
    NOMINAL = "NOMINAL"
    PRONOUN = "PRONOUN"


class EventType(StrEnum):
    """PLOVER's sixteen categories (PLOVER manual, 2024)."""

    UNKNOWN = "UNKNOWN"
    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"


class DateSource(StrEnum):
    """Where an event's date comes from."""

    UNKNOWN = "UNKNOWN"
    EXPLICIT = "EXPLICIT"
    RELATIVE = "RELATIVE"
    DATELINE = "DATELINE"
    PUBLISHED = "PUBLISHED"


@dataclass(frozen=True, slots=True)
class Moment:
    """A period of time: ``at`` is its start, aware UTC; ``until`` the end of a stated range."""

    at: datetime
    precision: Precision
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """The line before the story: "MOSCOW, April 5 (Reuters) -"."""

    text: str
    place: str | None = None
    date: Moment | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Unicode code points ``[start, end)`` of one text of the record; ``text`` is what stands there."""

    field: Field
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Mention(Span):
    """One place where an entity is spoken of."""

    kind: MentionKind


@dataclass(frozen=True, slots=True)
class DateMention(Span):
    """A date in the text; ``value`` is ISO 8601: ``2016-04-05``, ``2016-W13``, ``2016-02``."""

    value: str
    precision: Precision


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of an entity in somebody's scheme (``iso3166``, ``wikidata``, ...)."""

    scheme: str
    id: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One real-world thing of this article, with all its mentions (never none), in text order."""

    type: EntityType
    label: str
    name: str
    mentions: tuple[Mention, ...]
    ids: tuple[Identifier, ...] = ()
    country: str | None = None
    sector: str | None = None
    other_sectors: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    salience: float = 0.0


@dataclass(frozen=True, slots=True)
class Participant(Span):
    """Who did it, or to whom: the full noun phrase, and copies of what is known of the entity it names.

    ``entity`` is an index into the article's ``entities``.
    """

    entity: int | None = None
    name: str | None = None
    ids: tuple[Identifier, ...] = ()
    country: str | None = None
    sector: str | None = None
    other_sectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place(Span):
    """Where it happened."""

    entity: int | None = None
    name: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many: ``max`` is None where the text gives no upper bound."""

    min: int
    max: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to whom, when and where (PLOVER).

    ``event_id`` depends on the article's id, the type, the trigger's lemma, the normalised evidence sentence and which
    of equals it is, and so survives revisions that leave the sentence alone. ``quad``: 1 verbal cooperation, 2 material
    cooperation, 3 verbal conflict, 4 material conflict. ``intensity``: about -10 to +10, a property of type and mode.
    """

    event_id: str
    type: EventType
    modes: tuple[str, ...]
    quad: int
    intensity: float
    cameo: str | None
    trigger: Span
    evidence: Span
    other_evidence: tuple[Span, ...]
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    date: Moment | None
    date_text: Span | None
    date_source: DateSource | None
    place: Place | None
    other_places: tuple[Place, ...]
    place_reason: str | None
    negated: bool
    future: bool
    hypothetical: bool
    historical: bool
    attributed_to: Participant | None
    dead: Count | None
    injured: Count | None
    arrested: Count | None
    contexts: tuple[str, ...]
    cluster_key: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class CopyOf:
    """The earlier article that this one repeats; both figures are 0 to 1."""

    id: str
    similarity: float
    containment: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made this record, and from what."""

    pipeline_version: str
    schema_version: str
    nlp_model: str
    nlp_model_version: str
    lexicon_version: str
    topic: str | None
    partition: int | None
    offset: int | None
    part: int


@dataclass(frozen=True, slots=True)
class TaggedArticle:
    """``wiredesk.v1.TaggedArticle``: one accepted revision of one article."""

    id: str
    version: str | None
    revision: int
    action: Action
    change: Change
    headline: str | None
    body: str | None
    byline: str | None
    language: str | None
    source: str | None
    url: str | None
    dateline: Dateline | None
    urgency: int | None
    published_at: Moment | None
    updated_at: Moment | None
    received_at: datetime | None
    processed_at: datetime
    embargo_until: datetime | None
    copy_of: CopyOf | None
    entities: tuple[Entity, ...]
    dates: tuple[DateMention, ...]
    events: tuple[Event, ...]
    provenance: Provenance
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleEvents:
    """``wiredesk.v1.ArticleEvents``: the events of one revision, without its text."""

    id: str
    version: str | None
    revision: int
    action: Action
    source: str | None
    url: str | None
    language: str | None
    published_at: Moment | None
    updated_at: Moment | None
    received_at: datetime | None
    processed_at: datetime
    copy_of: CopyOf | None
    events: tuple[Event, ...]
    provenance: Provenance
