"""Tell what is odd about an item's title, content, path and deadline, by their characters alone."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"\w")
# Quotation marks are often printed as a pair of one kind, and tell nothing.
_CLOSED = {"(": ")", "[": "]", "〔": "〕", "【": "】", "《": "》", "（": "）"}
_OPENING = re.compile(f"[{re.escape(''.join(_CLOSED))}]")
_CLOSING = {closing: opening for opening, closing in _CLOSED.items()}
# A label, or a bracket that ends with a verb: a clause that no rule took out of the content.
_LABEL = re.compile(
    r"""
    [牵责主协承配参落实](?:(?<=牵)头|(?<=责)任|(?<=主)[办责]|(?<=协)办|(?<=承)办|(?<=配)合|(?<=参)与|(?<=落)实|(?<=实)施)(?:单位|部门|领导|处室|科室|机构)\s*[:：]\s*\S
    """,
    re.VERBOSE,
)
# Its end begins with a set: it is found fast, and most texts have none.
_BRACKET_END = re.compile(
    r"""
    [责头合与实施工](?:
      (?<=负责)|(?<=牵头)|(?<=配合)|(?<=参与)|(?<=落实)|(?<=组织实施)|(?<=按职责分工)
    )[)）\]〕】]
    """,
    re.VERBOSE,
)
_BRACKET = re.compile(
    r"""
    [(（\[〔【](?P<inner>[^()（）\[\]〔〕【】。]{3,120}?
    (?:负责|牵头|配合|参与|落实|组织实施|按职责分工))[)）\]〕】]
    """,
    re.VERBOSE,
)
_UNIT_IN = re.compile(r"局|委|办|厅|部门|政府|单位|中心|公司|处|院|街道")
# Brackets that explain: (以下简称…), (试行), (含…), (由…负责的).
_EXPLAINS = re.compile(r"^(?:以下|简称|含|包括|其中|如|即|由|原|见)|负责制|责任制")
# A content that ends so goes on elsewhere: (…, …《…, …和
_UNFINISHED = frozenset("(（〔【《、,，和及与")
# Numbers that begin a line inside an item: 3.…⏎4.…; not 1.5亿
_INNER_NUMBER = re.compile(r"\n[ \t\u3000]*(?:[(（](\d{1,3})[)）]|(\d{1,3})[.、．](?!\d))")
_DATED = re.compile(
    r"[月日季]|半年|长期|持续|全年|立即|近期|常态|年底|年内|年度|\d{4}[-./]\d|[^底初末中旬]前$"
)
_TAIL_DATE = re.compile(
    r"(?:^|[\s。，])\d{0,4}\s*年?\s*\d{0,2}\s*月[底前初末中旬]+[^\d，。]{0,6}[。）)〕]?\s*$"
)
_TAIL_REACH = 24
# A heading is no longer, and holds no whole sentence.
_LONGEST_HEADING = 70
_SENTENCE = re.compile(r"。.")
_FEWEST_CLAUSES = 2


def find_title_fault(title: str, content: str) -> str | None:
    """What is odd about a title, beside the content that it begins: empty, or cut inside 《 or (."""
    if not _WORD.search(title):
        return "事项名称是空的" if _WORD.search(content) else None
    return "事项名称不完整" if _leaves_open(title) else None


def find_content_fault(content: str) -> str | None:
    """What is odd about a content: a clause left in it, an end in mid-sentence, no words."""
    words = content.rstrip()
    if not _WORD.search(words):
        return "事项没有内容"
    if words[-1] in _UNFINISHED:
        return "内容像是没有读完"
    labelled = (":" in words or "：" in words) and _LABEL.search(words) is not None
    if labelled or _count_clauses(words):
        return "内容里还有责任字样"
    tail = words[-_TAIL_REACH:]
    return "内容以日期结尾" if "月" in tail and _TAIL_DATE.search(tail) else None


@lru_cache(1 << 10)
def find_path_fault(path: tuple[str, ...]) -> str | None:
    """Whether a heading of the path is running text or has no words."""
    for heading in path:
        if not _WORD.search(heading):
            return "所属部分是空的"
        if len(heading) > _LONGEST_HEADING or _SENTENCE.search(heading):
            return "所属部分像正文"
    return None


def find_deadline_fault(text: str) -> str | None:
    """Whether a deadline has lost its month or year: 底前, 15日."""
    return None if _DATED.search("".join(text.split())) else "时限缺了年月"


def holds_several(whole: str) -> bool:
    """Whether the text of an item without measures has numbered lines and clauses of its own."""
    if "\n" not in whole:
        return False
    numbers = [int(one or other) for one, other in _INNER_NUMBER.findall(whole)]
    rising = len(numbers) >= 2 and numbers == sorted(set(numbers))
    return rising and _count_clauses(whole) >= _FEWEST_CLAUSES


def _count_clauses(text: str) -> int:
    """The brackets of a text that end with a verb of responsibility and name units."""
    if _BRACKET_END.search(text) is None:
        return 0
    return sum(
        _UNIT_IN.search(match["inner"]) is not None and not _EXPLAINS.search(match["inner"])
        for match in _BRACKET.finditer(text)
    )


def _leaves_open(text: str) -> bool:
    if _OPENING.search(text) is None:
        return False
    opened: list[str] = []
    for char in text:
        if char in _CLOSED:
            opened.append(char)
        elif opened and _CLOSING.get(char) == opened[-1]:
            opened.pop()
    return bool(opened)
