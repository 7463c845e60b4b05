"""The first letters of the Chinese syllables of a name, as in addresses of governments: 南京 -> nj."""

from __future__ import annotations

from bisect import bisect_right

# The 3755 usual characters of GB 2312 are in the order of their syllables, so each letter begins
# at one code. The rarer ones (after 0xD7F9) are in another order and have no letter here.
_LETTERS = "abcdefghjklmnopqrstwxyz"
_FIRST = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_LAST = 0xD7F9


def initials_of(name: str) -> str:
    """The letters of the usual characters of a name: 鼓楼 -> gl; others give none."""
    codes = (int.from_bytes(ch.encode("gb2312", "ignore")) for ch in name)
    return "".join(
        _LETTERS[bisect_right(_FIRST, code) - 1] for code in codes if _FIRST[0] <= code <= _LAST
    )
