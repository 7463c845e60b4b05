"""Find where a title is printed, and the words that a title ends in."""

from __future__ import annotations

import re

from pipeline.lexicon import alternation, words
from pipeline.parse.normalize import normalize_text
from pipeline.text import find_nth_character, without_blanks

Span = tuple[int, int]

# The statutory kinds of documents (通知, 意见), and the words that plans are called by (要点, 分工方案).
FORMS = words("document_types", "form")
PLANS = words("document_types", "plan")
# …工作要点 · …任务分解表(征求意见稿); not 工作要点如下.
ENDS_TITLE = re.compile(rf"(?:{alternation((*FORMS, *PLANS))})\s*(?:\([^)]*\)\s*)?$")
TITLE_LINE = re.compile(r"[^\n]+")
_SAME_MARKS = tuple(zip("〈〉<>（）—–－~～", "《》《》()-----", strict=True))


def simplify(title: str) -> str:
    """A title in simplified characters for matching; the title itself where the lengths differ."""
    simple = normalize_text(title).folded
    return simple.replace("(", "（").replace(")", "）") if len(simple) == len(title) else title


def find_printed(text: str, start: int, end: int, title: str, *, last: bool = False) -> Span | None:
    """Where a title is first (or last) printed in a stretch, blanks and bracket shapes aside."""
    wanted, bare = _unify(title), _unify(text[start:end])
    at = bare.rfind(wanted) if last else bare.find(wanted)
    if at < 0 or not wanted:
        return None
    begin = find_nth_character(text, at, start)
    return begin, find_nth_character(text, len(wanted) - 1, begin) + 1


def _unify(text: str) -> str:
    """A text without blanks, with one form of each mark; many calls of replace beat one of translate."""
    text = without_blanks(text)
    for mark, same in _SAME_MARKS:
        text = text.replace(mark, same)
    return text
