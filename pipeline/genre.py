"""Is it a plan at all? The reason why not, from what the document is and how it speaks."""

from __future__ import annotations

import re

from pipeline.lexicon import alternation, words
from pipeline.tasks import Plan

_OTHER = re.compile(alternation(words("boilerplate", "not_plan")))
_LAW = re.compile(rf"(?:{alternation(words('boilerplate', 'law'))})(?:\([^()]*\))?$")
_PLAN = re.compile(alternation(words("document_types", "plan")))
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零\d]{1,5}条(?=[ 　\u4e00-\u9fff(])")
_ENACTS = re.compile(
    r"本(?:条例|办法|规定|规则|细则|法|制度)(?:自|由|所称|适用)|自\d{4}年\d{1,2}月\d{1,2}日起(?:施行|实施)"
)
_DONE = re.compile(
    r"已(?:经|全部|全面|基本|累计|顺利|正式|如期|提前|超额|按时|圆满)*(?:完成|建成|竣工|完工|封顶|通车|交付|开工|开放|投入"
    r"|筛查|培训|发放|新增|改造|启动|出台|印发|制定|实施|开展|落实|实现|达|组织|建立|举办|整治|召开|形成|下发|安排|签约|引进"
    r"|征收|拨付|到位|办结|挂牌|上线|成立|整改)|至今未|正常推进|进度滞后|截至(?:目前|\d|[今年]|[一二三四五六七八九十])|(?:进展|完成)情况:|目前,|累计完成|同比增长|年度(?:任务|计划|目标)的\d"
)
_INTERPRETS = re.compile(
    r"(?:出台|起草|制定|编制)(?:的)?(?:背景|过程|依据|目的)|解读(?:机关|人|单位|机构)|主要亮点|创新亮点|政策亮点"
)
_PLACEHOLDERS_SEEN = ("XX", "xx", "××", "某县", "某市", "某区")
_TEMPLATE = re.compile(r"20[xX×]{2}年|[xX×]{2,}(?:市|区|县|局|年|单位|省|镇)|某[县市区]")
_QUESTION = re.compile(
    r"(?:^|\n)\s*(?:问|答|记者|[一二三四五六七八九十]{1,3}、[^\n]{4,40}\?)\s*[:?\n]|答记者问"
)
# From these shares on a document speaks as a report, a law, a template.
_DONE_SHARE, _DONE_MANY, _ARTICLES, _PLACEHOLDERS = 0.5, 4, 5, 4


_NEVER = re.compile(alternation(words("boilerplate", "never_plan")))


def find_reason(folded: str, title: str | None, plan: Plan) -> str | None:
    """Why a document is no plan, or None where it assigns tasks.

    A title alone never decides: how many items are assigned, by what, and how their sentences
    speak has to agree with it.
    """
    head = title or folded.lstrip()[:60].split("\n")[0]
    assigned = [task for task in plan.tasks if task.clauses or task.inherited or task.standing]
    if not assigned:
        other = _OTHER.search(head)
        return f"标题或开头含“{other[0]}”" if other else "没有写明责任的编号事项"
    never = _NEVER.search(head)
    if never:
        return f"标题含“{never[0]}”"
    weak = all("weak-sentence" in task.weak for task in assigned)
    blanks = any(mark in folded for mark in _PLACEHOLDERS_SEEN)
    placeholders = len(_TEMPLATE.findall(folded)) if blanks else 0
    if placeholders >= _PLACEHOLDERS:
        return f"是模板,有{placeholders}处空缺(如“{_first(_TEMPLATE, folded)}”)"
    if len(_ARTICLE.findall(folded)) >= _ARTICLES and (
        weak or _ENACTS.search(folded) or _LAW.search(head)
    ):
        return "是法规或制度,逐条规定"
    plans = _PLAN.search(head)
    if weak and not plans:
        return "没有写明责任的编号事项,只有句子提到单位"
    other = _OTHER.search(head)
    if plans and not (other and plans.end() < other.end()):
        return None
    done = sum(_DONE.search(folded, task.start, task.end) is not None for task in assigned)
    if other:
        if done >= _DONE_SHARE * len(assigned) or len(_DONE.findall(folded)) >= _DONE_MANY:
            return f"是进展报告:{done}项写的是已完成的工作"
        if _INTERPRETS.search(folded):
            return f"是解读:标题含“{other[0]}”,讲的是{_first(_INTERPRETS, folded)}"
        if _QUESTION.search(folded) or 3 * len(assigned) < len(plan.blocks):
            return f"标题含“{other[0]}”,少有写明责任的事项"
    if done >= 0.8 * len(assigned) and len(assigned) > 3 and not plans:
        return f"是进展报告:{done}项写的是已完成的工作"
    return None


def _first(pattern: re.Pattern[str], folded: str) -> str:
    match = pattern.search(folded)
    return match[0] if match else ""
