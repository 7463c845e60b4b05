"""Fold a printed name for look-ups and cut off its second plate: 区发改局(区统计局)."""

from __future__ import annotations

_HALF = str.maketrans("（）〔〕［］【】；，：　\n\t", "()()()();,:   ")


def fold_name(name: str) -> str:
    """A name with half-width brackets, without blanks and marks at its ends."""
    return name.translate(_HALF).replace(" ", "").strip('。、;,:"')


def split_plate(folded: str) -> tuple[str, str]:
    """Split a folded name into itself and its second plate: 区发改局(区统计局) -> 区发改局, 区统计局."""
    plate = ""
    opening = folded.rfind("(")
    if folded.endswith(")") and opening > 1:
        folded, plate = folded[:opening], folded[opening + 1 : -1]
    return folded.replace("“", "").replace("”", ""), plate
