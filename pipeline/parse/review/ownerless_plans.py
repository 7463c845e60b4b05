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
# Words for the work itself (重点工作) are a title only with a year or behind 印发, and not in a headline.
_WORK = re.compile(rf"(?:{alternation(words('plan_titles', 'work'))})$")
_DOING = re.compile(alternation(words("plan_titles", "doing")))
_NAMED = re.compile(
    alternation((*words("plan_titles", "ending"), *words("plan_titles", "work"), "意见"))
)
_OTHER = re.compile(alternation(words("plan_titles", "other")))
_HEADLINE = re.compile(alternation(words("plan_titles", "headline")))
# 甲局关于印发|《甲区2024年工作要点》|的通知.
_COVERED = re.compile(
    r"""
    .*? (?:印发|下发|下达|转发|批转|公布|发布|报送)
    (?P<inner>.+?) 的? (?:通知|通报|函|报告|公告)$
    """,
    re.VERBOSE,
)
# 关于做好2023年全面推进乡村振兴重点工作的实施意见: opinions on a year's work; not other opinions.
_YEARLY = re.compile(r"20\d\d年.*工作的?(?:实施|指导|若干)?意见$")
# 甲局关于2024年重点工作安排|的通知.
_ABOUT = re.compile(r".*?关于(?P<inner>.+?)的(?:通知|函|公告)$")
_MARKS = str.maketrans("", "", "《》〈〉<>“”\"' \t\u3000")
# (试行), (征求意见稿), (2024—2026年), (2023年5月12日) behind a title.
_BRACKET = re.compile(
    r"\((?:20\d\d|试行|修订|暂行|征求|送审|讨论|草案|[^()]{0,8}稿|[^()]{0,20}日)[^()]*\)$"
)
_NEWS = re.compile(
    r"记者|[本网]讯[ (]|本报讯|(?:^|[\n。 ])(?:近日|日前)|获悉|据悉|据介绍|新闻发布会|通讯员"
)
_EXPLAINS = re.compile(r"解读如下|如下解读|现解读|政策解读如下")
_GENERAL_RULES = re.compile(r"第一章[ \t\n]*总则")
_YEAR = re.compile(r"20\d\d")
# A blank to fill in: XX县20XX年工作要点.
_BLANK = re.compile(r"[xX×]{2,}|某[省市县区]")
# A title is no longer than this.
_LONGEST_TITLE = 80
# 责任单位:, 牵头部门 in a table's head; not 各责任单位要….
_OWNER_LABEL = re.compile(r"(?:责任|牵头|主办|承办|配合|协办|主责)(?:单位|部门|领导) ?[:\t|]")
# 问:…答:… on one line.
_ANSWERS = re.compile(r"(?:^|[\s。?!])[问答]:")
_FEWEST_ANSWERS = 2
# With fewer units a document is no list of tasks.
_FEWEST_TASKS = 2
# A document is a report if this share of its units is done.
_DONE_SHARE = 0.5


def has_owner_labels(folded: str) -> bool:
    """Whether a text has labels or heads of owners, so that some may not have been read."""
    return _OWNER_LABEL.search(folded) is not None


def as_ownerless(plan: Plan) -> Plan:
    """The plan with the tasks and headings that it has if it names no owner."""
    found = plan.ownerless
    return replace(
        plan,
        blocks=found.blocks or plan.blocks,
        tasks=list(found.tasks),
        headings=dict(found.headings),
        tables=[*plan.tables, *found.tables],
        repeat=found.repeat,
    )


def find_ownerless_reason(folded: str, titles: Sequence[str | None], plan: Plan) -> str | None:
    """Why a document without owners is no plan, in Chinese; None where it is one.

    `titles` are the plan's and that of the notice that covers it. Since no unit is assigned, the
    title has to name a plan and nothing in the text may speak against it.
    """
    title, notice = ((one or "").translate(_MARKS) for one in titles)
    line = folded.lstrip().split("\n", 1)[0][:_LONGEST_TITLE]
    reason = _find_title_reason(_read_plan_title(title or line))
    if reason is not None:
        return reason
    covered = _COVERED.match(notice)
    if covered and not _NAMED.search(covered["inner"]):
        # The title is that of something inside: 关于印发《某指引》的通知.
        return NO_OWNER
    if len(plan.tasks) < _FEWEST_TASKS:
        if not plan.blocks:
            return NO_OWNER
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
    if not (_ENDING.search(title) or _YEARLY.search(title) or _names_work(title)):
        return NO_OWNER
    blank = _BLANK.search(title)
    if blank:
        return f"是模板,标题有空缺“{blank[0]}”"
    other = _OTHER.search(title)
    if other:
        return f"没有写明责任,标题含“{other[0]}”"
    headline = _HEADLINE.search(title)
    return f"是新闻:标题含“{headline[0]}”" if headline else None


def _names_work(title: str) -> bool:
    """Whether a title names the work of a year: 甲区2024年重点工作; not 甲区扎实推进2024年重点工作."""
    return bool(_WORK.search(title) and _YEAR.search(title) and not _DOING.search(title))


def _find_text_reason(folded: str, plan: Plan) -> str | None:
    """Why a text with a plan's title is none: a rule, an interpretation, a report, news."""
    articles = len(ARTICLE.findall(folded)) >= FEWEST_ARTICLES
    if articles and (ENACTS.search(folded) or _GENERAL_RULES.search(folded)):
        return "是法规或制度,逐条规定"
    headings = [read_heading_words(folded, block) for block in plan.blocks if block.depth == 0]
    if _EXPLAINS.search(folded, 0, plan.tasks[0].start):
        return "是解读"
    told = next((one for one in headings if classify_section(one) == "interpretation"), None)
    if told:
        return f"是解读:讲的是{told}"
    if QUESTION.search(folded) or len(_ANSWERS.findall(folded)) >= _FEWEST_ANSWERS:
        return "是问答"
    news = _NEWS.search(folded, 0, plan.tasks[0].start)
    if news:
        return f"是新闻:开头含“{news[0].strip()}”"
    done = sum(DONE.search(folded, task.start, task.end) is not None for task in plan.tasks)
    if done >= _DONE_SHARE * len(plan.tasks):
        return f"是进展报告:{done}项写的是已完成的工作"
    return None
