"""Goldstein's weight and the quad class of a CAMEO code, as Phoenix and ICEWS have them: ``goldstein.tsv``.

A code that has no line has the weight of the longest one it begins with.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# Phoenix's class of each root: 0 statement, 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict.
QUADS = dict(zip((f"{root:02}" for root in range(1, 21)), map(int, "00111222333334434444"), strict=True))


def goldstein(code: str) -> float | None:
    """The weight, -10 to +10; None for what is no code of CAMEO."""
    table = _weights()
    return next((table[code[:n]] for n in range(len(code), 1, -1) if code[:n] in table), None)


def quad(code: str) -> int | None:
    """The class, 0 to 4; None for what is no code of CAMEO."""
    return QUADS.get(code[:2])


@cache
def _weights() -> dict[str, float]:
    lines = files(__package__).joinpath("goldstein.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {code: float(weight) for code, weight in (line.split("\t") for line in lines)}
