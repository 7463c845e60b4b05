"""Join the lines of a page that was cut at its quotations, brackets and figures: 提升⏎“多测合一”⏎改革成效."""

from __future__ import annotations

import re

# Quotations or titles alone on a line; the last may go on in the next: “一网通办”, 《甲办法》, “一
_QUOTES, _QUOTE_ENDS = "“‘《〈", "”’》〉"
# (试行), (含承办): a remark in mid-sentence.
_REMARK = re.compile(r"[ \t]*\([^()]*(?:\)|$)")
# (吉政办发[2021]64号), (含当日), (以下简称…: they explain what is before them.
_EXPLAINED = re.compile(r"[ \t]*\((?:[^()]{2,12}\[\d{4}\] ?\d+ ?号|含|不含|包括|以下|试行|暂行|除)")
# The quotation that a text breaks off in: 扩大“免
_OPEN_QUOTATION = re.compile("[“‘《〈][^“”‘’《》〈〉。;]{0,40}$")
# The end of a heading behind a quotation: 推进“标准地”⏎改革。
_SHORT_SENTENCE = re.compile("[ \t]*[^。,;]{1,8}。")
# (区教育局, at a line's start, 区教育局) at its end: a bracket that may assign.
_OWNER_WORDS = r"(?:[局委办厅部](?=[、,;:)]|$)|负责|牵头|配合|单位|部门|责任|时限)"
_OWNERS = re.compile(
    rf"\([^()]*(?:{_OWNER_WORDS}|月|年)[^()]*\)[ \t]*$ | ^[ \t]*\([^()]*{_OWNER_WORDS}", re.VERBOSE
)
# Behind a heading a bracket with one of these may assign too.
_ANY_OWNER = re.compile(
    r"各|街道|乡镇|管委|公司|中心|集团|[\u4e00-\u9fff]{2}[院处科站队会行](?=[、,;:)])"
)
_HAN_END = re.compile(r"[\u4e00-\u9fff\d”’》〉)]$")
# 2023⏎年, 60⏎个: a figure and its measure.
_FIGURE_END = re.compile(r"\d[ \t]*$")
_MEASURE_START = re.compile(
    r"[ \t]*(?:年|月|日|个|项|家|万|亿|%|条|处|所|公里|亩|吨|元|号|名|人|户|小时|分钟)"
)


def continues_fragment(run: str, after: str, *, in_sentence: bool) -> bool:
    """Whether a sentence that was cut at a quotation, bracket or figure continues in the next line.

    `run` is the text so far; it is `in_sentence` where it is more than a heading, which may end at
    its line: (一)加强领导⏎“十四五”期间…
    """
    if not _HAN_END.match(run, len(run) - 1):
        return False
    if _FIGURE_END.search(run):
        return _MEASURE_START.match(after) is not None
    begun = after.lstrip()[0]
    if _OPEN_QUOTATION.search(run) or (run[-1] == "通" and begun == "知"):
        return True
    if begun in _QUOTES:
        return not _may_assign(run) and (in_sentence or _is_quotation(after))
    if begun == "(":
        plain = _REMARK.match(after) is not None and not _may_assign(after)
        explains = in_sentence or _ANY_OWNER.search(after) is None
        return _EXPLAINED.match(after) is not None or (plain and explains)
    closed = run[-1] in "”’》〉)" and not _may_assign(run)
    return closed and (in_sentence or _SHORT_SENTENCE.match(after) is not None)


def _is_quotation(line: str) -> bool:
    """Whether a line is quotations or titles alone; the last may go on in the next: “一网通办”“一"""
    depth = 0
    for character in line.strip():
        if character in _QUOTES:
            depth += 1
        elif depth == 0:
            return False
        elif character in _QUOTE_ENDS:
            depth -= 1
    return True


def _may_assign(line: str) -> bool:
    """Whether a line begins or ends with a bracket that may name owners: (区教育局负责)."""
    return _OWNERS.search(line) is not None
