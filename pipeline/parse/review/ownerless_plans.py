"""Decide whether a document in which nothing is assigned is a plan all the same; else say why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.lexicon import alternation, words
from pipeline.parse.items.section_kinds import classify_section, read_heading_words
from pipeline.parse.items.tasks import Plan
from pipeline.parse.review.genre import (
    ARTICLE,
    DONE,
    ENACTS,
    FEWEST_ARTICLES,
    NO_OWNER,
    QUESTION,
    find_template_reason,
)

_ENDING = re.compile(rf"(?:{alternation(words('plan_titles', 'ending'))})$")
_OTHER = re.compile(alternation(words("plan_titles", "other")))
_HEADLINE = re.compile(alternation(words("plan_titles", "headline")))
# 甲局关于印发|《甲区2024年工作要点》|的通知.
_COVERED = re.compile(
    r"(?:^|.*?关于|.{0,30}?)(?:印发|下发|下达|转发|批转|公布|发布|报送)(?P<inner>.+?)的?(?:通知|通报|函|报告|公告)$"
)
# 关于做好2023年全面推进乡村振兴重点工作的实施意见: opinions on a year's work; not other opinions.
_YEARLY = re.compile(r"20\d\d年.*工作的?(?:实施|指导|若干)?意见$")
# 甲局关于2024年重点工作安排|的通知.
_ABOUT = re.compile(r"(?:^|.*?)关于(?P<inner>.+?)的(?:通知|函|公告)$")
_MARKS = str.maketrans("", "", "《》〈〉<>“”\"' \t\u3000")
_BRACKET = re.compile(
    r"[((](?:20\d\d|试行|修订|暂行|征求|送审|讨论|草案|[^()()]{0,8}稿|[^()()]{0,20}日)[^()()]*[))]$"
)
_NEWS = re.compile(r"记者|本报讯|近日[,,]|日前[,,]|获悉|据悉|据介绍|新闻发布会")
_GENERAL_RULES = re.compile(r"第一章[ \t\n]*总则")
# With fewer units a document is no list of tasks.
_FEWEST_TASKS = 2
# A document is a report if this share of its units is done.
_DONE_SHARE = 0.5


def as_ownerless(plan: Plan) -> Plan:
    """The plan with the tasks and headings that it has if it names no owner."""
    found = plan.ownerless
    return replace(
        plan, tasks=list(found.tasks), headings=dict(found.headings), repeat=found.repeat
    )


def find_ownerless_reason(folded: str, titles: Sequence[str | None], plan: Plan) -> str | None:
    """Why a document without owners is no plan, in Chinese; None where it is one.

    `titles` are the plan's and that of the notice that covers it. Since no unit is assigned, the
    title has to name a plan and nothing in the text may speak against it.
    """
    title = next((_read_plan_title(one) for one in titles if one), None)
    title = title or _read_plan_title(folded[: folded.find("\n")] if "\n" in folded else "")
    reason = _find_title_reason(title)
    if reason is not None:
        return reason
    if len(plan.tasks) < _FEWEST_TASKS:
        return "没有写明责任,任务部分没有编号事项"
    return find_template_reason(folded) or _find_text_reason(folded, plan)


def _read_plan_title(title: str) -> str:
    """The words that name the document itself: without covering notice, marks and remarks."""
    bare = title.translate(_MARKS).replace("（", "(").replace("）", ")")
    bare = _BRACKET.sub("", bare)
    for pattern in (_COVERED, _ABOUT):
        match = pattern.match(bare)
        if match:
            bare = _BRACKET.sub("", match["inner"])
    return bare


def _find_title_reason(title: str) -> str | None:
    """Why a title is not that of a plan."""
    if not title or not (_ENDING.search(title) or _YEARLY.search(title)):
        return NO_OWNER
    other = _OTHER.search(title)
    if other:
        return f"没有写明责任,标题含“{other[0]}”"
    headline = _HEADLINE.search(title)
    return f"是新闻:标题含“{headline[0]}”" if headline else None


def _find_text_reason(folded: str, plan: Plan) -> str | None:
    """Why a text with a plan's title is none: a rule, an interpretation, a report, news."""
    articles = len(ARTICLE.findall(folded)) >= FEWEST_ARTICLES
    if articles and (ENACTS.search(folded) or _GENERAL_RULES.search(folded)):
        return "是法规或制度,逐条规定"
    headings = [read_heading_words(folded, block) for block in plan.blocks if block.depth == 0]
    told = next((one for one in headings if classify_section(one) == "interpretation"), None)
    if told:
        return f"是解读:讲的是{told}"
    if QUESTION.search(folded):
        return "是问答"
    news = _NEWS.search(folded, 0, plan.tasks[0].start)
    if news:
        return f"是新闻:开头含“{news[0].rstrip(',,')}”"
    done = sum(DONE.search(folded, task.start, task.end) is not None for task in plan.tasks)
    if done >= _DONE_SHARE * len(plan.tasks):
        return f"是进展报告:{done}项写的是已完成的工作"
    return None
