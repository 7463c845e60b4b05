"""Find the titles of a document: the plan's, and that of the notice that covers it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.parse.header.notice_title import find_notice_title
from pipeline.parse.header.page_keys import KeyedValues
from pipeline.parse.header.plan_title import find_plan_title
from pipeline.parse.header.printed import FORMS
from pipeline.parse.normalize import NormalizedText

# The kinds of a plan that is published without a statutory form.
_PLAN_KINDS = ("方案", "要点", "计划")


class Titles(NamedTuple):
    """The plan's title, the covering notice's if there is one, and where their printing ends."""

    plan: str | None
    notice: str | None
    end: int

    @property
    def first(self) -> str:
        """The title of the document itself: the notice's, else the plan's, else nothing."""
        return self.notice or self.plan or ""


def find_titles(shadow: NormalizedText, end: int, keyed: KeyedValues, page_title: str) -> Titles:
    """The titles in the text before `end`; `page_title` is the one in the page's meta names."""
    notice = find_notice_title(shadow, end, keyed, page_title)
    plan = find_plan_title(shadow, end, notice)
    title = plan.title or notice.title
    covering = notice.title if notice.title != title else None
    return Titles(title, covering, max(plan.end, notice.end))


def find_kind(title: str) -> str | None:
    """The kind that a title ends with, a statutory form before a plan's: …的通知 -> 通知."""
    return next((kind for kind in (*FORMS, *_PLAN_KINDS) if title.endswith(kind)), None)
