"""Any record there can be, made by hypothesis from the dataclasses themselves."""

from __future__ import annotations

import types
import typing
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from pipeline.model import TaggedArticle

_NOT_INT32 = {("Provenance", "offset"), ("Count", "min"), ("Count", "max")}

_TIMES = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def any_of(kind: Any, owner: str = "", name: str = "") -> st.SearchStrategy[Any]:
    """A strategy for a type as the dataclasses of the record use them."""
    if kind is str:
        return _TEXTS
    if kind is int:
        bits = 63 if (owner, name) in _NOT_INT32 else 31
        return st.integers(-(2**bits), 2**bits - 1)
    if kind is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if kind is datetime:
        return _TIMES
    if kind is bool:
        return st.booleans()
    if typing.get_origin(kind) is types.UnionType:
        (inner,) = [each for each in typing.get_args(kind) if each is not type(None)]
        return st.none() | any_of(inner, owner, name)
    if typing.get_origin(kind) is tuple:
        return st.lists(any_of(typing.get_args(kind)[0]), max_size=2).map(tuple)
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{f.name: any_of(hints[f.name], kind.__name__, f.name) for f in fields(kind)})


TAGGED_ARTICLES: st.SearchStrategy[TaggedArticle] = any_of(TaggedArticle)
