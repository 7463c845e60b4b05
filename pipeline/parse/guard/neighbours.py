"""Tell by the words between and behind names that a name was cut in two: 市住房⏎城乡建设局, 各市|、县政府."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.text import fold, without_blanks

# Blanks and line breaks between two names that nothing else parts; wide gaps are columns.
_GAP = re.compile(r"[ \u3000\xa0\n]{0,2}")
# The first half of a group: 各市, 有关设区市, 县(市).
_HALF = re.compile(
    r"(?:^|各|有关|相关|设区|以上)(?:省|市|州|盟|县|区|旗|乡|镇)(?:[(\[][^()\[\]]*[)\]])?$"
)
# Its second half: 、县(区)人民政府. It must not match 、市直各部门, 、市政府办公室.
_OTHER_HALF = re.compile(
    r"""
    [、,]\ *(?:县|区|市|州|旗|乡|镇|自治[县州旗])(?:[(\[][^()\[\]]*[)\]])?级?
    (?:人民政府|政府(?!办)|党委|管委会|市场监管局|法院|(?=[、,;。()\[\]]|$))
    """,
    re.VERBOSE,
)
_REACH = 16
_HALF_ENDS = frozenset("省市州盟县区旗乡镇)）〕]】］")


def find_gap(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The span of the first two names of a clause with nothing but a blank or line break between."""
    if len(spans) < 2:
        return None
    ordered = sorted(set(spans))
    for (start, end), (after, finish) in pairwise(ordered):
        if end <= after <= end + 2 and _GAP.fullmatch(text, end, after):
            return start, finish
    return None


def is_half_group(text: str, start: int, end: int) -> bool:
    """Whether a name is the first half of a group whose other half follows: 各市 of 各市、县政府."""
    if text[end - 1] not in _HALF_ENDS:
        return False
    name = without_blanks(fold(text[start:end]))
    if not _HALF.search(name):
        return False
    return _OTHER_HALF.match(without_blanks(fold(text[end : end + _REACH]))) is not None
