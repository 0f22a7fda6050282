"""Characters that do not belong in a text: what `decode` and `clean` both take out."""

from __future__ import annotations

import re

# C0 and C1 controls and DEL without tab and newline, and the two noncharacters that XML and many sinks refuse.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")


def normal_lines(text: str) -> str:
    """The text with every line end (CR LF, CR, U+2028, U+2029) as one newline."""
    return _LINE_END.sub("\n", text)


def without_controls(text: str) -> str:
    """The text without control characters and U+FFFE, U+FFFF; tab and newline stay, all other characters too."""
    return _CONTROL.sub("", text)
