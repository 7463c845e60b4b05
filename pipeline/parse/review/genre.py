"""Decide whether a document is a plan; else say why not: a report, a law, a template."""

from __future__ import annotations

import re

from pipeline.lexicon import alternation, words
from pipeline.parse.items.tasks import Plan, Task

# Words of a title: of another kind of document (政策解读), of a law (条例), of a plan (工作要点).
_OTHER = re.compile(alternation(words("boilerplate", "not_plan")))
_LAW = re.compile(rf"(?:{alternation(words('boilerplate', 'law'))})(?:\([^()]*\))?$")
_PLAN = re.compile(alternation(words("document_types", "plan")))
_NEVER = re.compile(alternation(words("boilerplate", "never_plan")))
# An article of a law: 第三条 市城管局负责…; not 第三条款.
ARTICLE = re.compile(r"第[一二三四五六七八九十百零\d]{1,5}条(?=[ 　\u4e00-\u9fff(])")
# A sentence that puts a law into force: 本条例自…; 自2020年1月1日起施行.
ENACTS = re.compile(
    r"""
      本(?:条例|办法|规定|规则|细则|法|制度)(?:自|由|所称|适用)
    | 自\d{4}年\d{1,2}月\d{1,2}日起(?:施行|实施)
    """,
    re.VERBOSE,
)
# Work that is done: 已全部竣工, 截至12月, 同比增长, 年度任务的8; not 年底前完成.
DONE = re.compile(
    r"""
      已(?:经|全部|全面|基本|累计|顺利|正式|如期|提前|超额|按时|圆满)*
      (?:完成|建成|竣工|完工|封顶|通车|交付|开工|开放|投入|筛查|培训|发放|新增|改造|启动|出台|印发|制定
      |实施|开展|落实|实现|达|组织|建立|举办|整治|召开|形成|下发|安排|签约|引进|征收|拨付|到位|办结|挂牌
      |上线|成立|整改)
    | 至今未|正常推进|进度滞后
    | 截至(?:目前|\d|[今年]|[一二三四五六七八九十])
    | (?:进展|完成)情况:|目前,|累计完成|同比增长
    | 年度(?:任务|计划|目标)的\d
    """,
    re.VERBOSE,
)
# An interpretation of a policy: 出台背景, 起草过程, 解读机关.
_INTERPRETS = re.compile(
    r"""
      (?:出台|起草|制定|编制)(?:的)?(?:背景|过程|依据|目的)
    | 解读(?:机关|人|单位|机构)|主要亮点|创新亮点|政策亮点
    """,
    re.VERBOSE,
)
# The blanks of a template: XX县20XX年. The plain words are counted first, for they are rare.
_PLACEHOLDERS_SEEN = ("XX", "xx", "××", "某县", "某市", "某区")
_TEMPLATE = re.compile(r"20[xX×]{2}年|[xX×]{2,}(?:市|区|县|局|年|单位|省|镇)|某[县市区]")
# A question and its answer: 问:, 记者:, 一、为什么要开展…?
QUESTION = re.compile(
    r"""
      (?:^|\n)\s*(?:问|答|记者|[一二三四五六七八九十]{1,3}、[^\n]{4,40}\?)\s*[:?\n]
    | 答记者问
    """,
    re.VERBOSE,
)
# Weak readings: they make a plan only of a document with the title of one.
_WEAK = {"weak-sentence", "unit-heading"}
# A document is a report if this share of its items is done, or so many words say so; if it has no
# plan's title, if that share of the first items is done.
_DONE_SHARE, _DONE_MANY, _DONE_NEARLY_ALL, _SAMPLE = 0.5, 4, 0.8, 12
# So many articles make a law, so many blanks a template.
FEWEST_ARTICLES, _PLACEHOLDERS = 5, 4
# The head of a text without a title has so many characters.
_HEAD = 60
# The reason of a document without assigned items that has no other.
NO_OWNER = "没有写明责任的编号事项"


def find_reason(folded: str, title: str | None, plan: Plan) -> str | None:
    """Why a document is no plan, in Chinese, or None where it assigns tasks.

    A title alone hardly ever decides: the number of assigned items, the kind of their clauses and
    the tense of their sentences have to agree with it.
    """
    head = title or folded[: _HEAD + 40].lstrip()[:_HEAD].split("\n")[0]
    other = _OTHER.search(head)
    assigned = [task for task in plan.tasks if task.clauses or task.inherited or task.standing]
    if not assigned and plan.refused and not other:
        # The problem unread-table says what was not read.
        return None
    if not assigned:
        return f"标题或开头含“{other[0]}”" if other else NO_OWNER
    never = _NEVER.search(head)
    if never:
        return f"标题含“{never[0]}”"
    weak = all(task.weak & _WEAK for task in assigned)
    reason = find_template_reason(folded) or _law_reason(folded, head, weak=weak)
    if reason:
        return reason
    plans = _PLAN.search(head)
    if weak and not plans:
        return "没有写明责任的编号事项,只有句子或小标题提到单位"
    if other and (plans is None or plans.end() < other.end()):
        return _other_reason(folded, other[0], assigned, plan)
    return None if plans else _report_reason(folded, assigned)


def find_template_reason(folded: str) -> str | None:
    """The reason of a text with blanks to fill in."""
    if sum(map(folded.count, _PLACEHOLDERS_SEEN)) < _PLACEHOLDERS:
        return None
    count = len(_TEMPLATE.findall(folded))
    if count < _PLACEHOLDERS:
        return None
    return f"是模板,有{count}处空缺(如“{_first(_TEMPLATE, folded)}”)"


def _law_reason(folded: str, head: str, *, weak: bool) -> str | None:
    """The reason of a text in articles, if it is put into force or named a law, or names no owner."""
    if len(ARTICLE.findall(folded)) < FEWEST_ARTICLES:
        return None
    enacts = weak or ENACTS.search(folded) or _LAW.search(head)
    return "是法规或制度,逐条规定" if enacts else None


def _other_reason(folded: str, word: str, assigned: list[Task], plan: Plan) -> str | None:
    """The reason of a document with the title of another kind, if its text agrees."""
    done = sum(DONE.search(folded, task.start, task.end) is not None for task in assigned)
    if done >= _DONE_SHARE * len(assigned) or len(DONE.findall(folded)) >= _DONE_MANY:
        return f"是进展报告:{done}项写的是已完成的工作"
    if _INTERPRETS.search(folded):
        return f"是解读:标题含“{word}”,讲的是{_first(_INTERPRETS, folded)}"
    if QUESTION.search(folded) or 3 * len(assigned) < len(plan.blocks):
        return f"标题含“{word}”,少有写明责任的事项"
    return None


def _report_reason(folded: str, assigned: list[Task]) -> str | None:
    """The reason of a document without a plan's title of which nearly all first items are done."""
    sample = assigned[:_SAMPLE]
    done = sum(DONE.search(folded, task.start, task.end) is not None for task in sample)
    if len(sample) < _DONE_MANY or done < _DONE_NEARLY_ALL * len(sample):
        return None
    return f"是进展报告:前{len(sample)}项中{done}项写的是已完成的工作"


def _first(pattern: re.Pattern[str], folded: str) -> str:
    match = pattern.search(folded)
    return match[0] if match else ""
