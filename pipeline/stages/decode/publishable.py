"""Whether an item may be published now. Every doubt is a no: what cannot be read for certain is not published.

May go on: no status, ``usable``, ``published`` (any case, also as the IPTC qcode ``stat:usable``), and an embargo that
is absent or has passed. May not: ``withheld``, ``canceled``, ``cancelled``, ``killed`` and **every value not known**, a
status that is no string, and an embargo that is in the future, unreadable, only a day, or without a zone (notes on real
breaches: they are slips of zone and of a day). The keys of all formats are looked at in every item, whatever their
case, and in an object that states a key twice both values are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pipeline.failures.reasons import Reason
from pipeline.model import Precision
from pipeline.stages.decode.limits import Doubled
from pipeline.stages.decode.refused import Refused
from pipeline.stages.decode.times import parse_time

STATUS_KEYS = frozenset(("status", "pubstatus"))
EMBARGO_KEYS = frozenset(("embargo", "embargountil", "embargoed", "embargoeduntil"))
USABLE = frozenset(("usable", "published", "stat:usable"))


def checked(item: dict[str, Any], now: datetime) -> datetime | None:
    """The embargo of a publishable item, which is in the past; None where it states none.

    Raises:
        Refused: NOT_PUBLISHABLE. The message says nothing of the item.
    """
    pairs: Iterable[tuple[str, Any]] = item.pairs if isinstance(item, Doubled) else item.items()
    until: datetime | None = None
    for key, value in pairs:
        name = key.replace("_", "").replace("-", "").lower()
        if value is None:
            continue
        if name in STATUS_KEYS and not (isinstance(value, str) and value.strip().lower() in USABLE):
            raise Refused.because(Reason.NOT_PUBLISHABLE, "the status is not usable")
        if name in EMBARGO_KEYS:
            end = _embargo_end(value)
            if end is None or end > now:
                raise Refused.because(
                    Reason.NOT_PUBLISHABLE, "an embargo has not passed, or cannot be read for certain"
                )
            until = end if until is None else max(until, end)
    return until


def _embargo_end(value: Any) -> datetime | None:
    moment, problem = parse_time(value) if isinstance(value, str) else (None, Reason.BAD_TIME)
    if moment is None or problem is not None or moment.precision not in (Precision.SECOND, Precision.MINUTE):
        return None
    return moment.at
