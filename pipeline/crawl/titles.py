"""Which titles on a list are those of plans, by the words of the lexicon."""

from __future__ import annotations

import re

from pipeline.lexicon import alternation, words

_PLAN = re.compile(
    alternation(
        (
            *words("plan_titles", "ending"),
            *words("plan_titles", "work"),
            *words("plan_titles", "listed"),
        )
    )
)
_OTHER = re.compile(alternation((*words("plan_titles", "other"), *words("web_words", "no_plan"))))
_NEWS = re.compile(
    alternation(
        one
        for one in (*words("plan_titles", "headline"), *words("plan_titles", "meeting"))
        if one != "印发"
    )
)
# What a notice says of itself: 关于…的通知, 《…》. With it, a word of news is a part of the plan's name.
_NOTICE = re.compile(r"关于.*的?(?:通知|意见|函|公告)|《")
_COMPANION = re.compile(
    rf"(?:{alternation(words('plan_titles', 'companion'))})"
    r"(?:[(（][^()（）]*[)）])?[》”\"]?(?:的?(?:通知|函|公告|通报))?$"
)
_REMARK = re.compile(r"^(?:\[[^\]]*\]|【[^】]*】)|[\[(（]?\d{4}-\d\d?-\d\d?[\])）]?$|[ \t\u3000]+")
# 工作要点 alone is the name of a column of the site.
_SHORTEST = 8


def is_plan_title(title: str) -> bool:
    """Answer whether a title on a list is that of a plan.

    Must match: 关于印发甲区2024年重点改革计划的通知. Must not match: 《2024年重点改革计划》解读, 工作要点.
    """
    bare = _REMARK.sub("", title)
    if len(bare) < _SHORTEST or not _PLAN.search(bare) or _OTHER.search(bare):
        return False
    if _COMPANION.search(bare):
        return False
    return not _NEWS.search(bare) or _NOTICE.search(bare) is not None
