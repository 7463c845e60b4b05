"""Find the place that a plan is for, by its own name: 盐田区."""

from __future__ import annotations

import re

# 盐田区 · 延边朝鲜族自治州 · 平潭综合实验区; not 全市, 本县, 各区.
_REGION = re.compile(
    r"""
    ^(?![全本我各该])[\u4e00-\u9fff]{1,8}?
    (?:自治区|自治州|自治县|综合实验区|开发区|高新区|新区|特区|省|市|区|县|州|旗|盟)
    """,
    re.VERBOSE,
)
_YEAR_BEFORE = re.compile(r"^(?:20\d\d|二[〇零○O]..)年(?:度)?")
# The part of a title behind the words that say what is done: 关于印发|盐田区2011年….
_SUBJECT = re.compile(r"(?:关于)?(?:印发|下达)?《?(.+)")


def find_region(title: str, plan_title: str, issuing_body: str | None) -> str | None:
    """The place at the beginning of the notice's title, the plan's title or the issuing body.

    `title` is the notice's title where it has one, else the plan's.
    """
    title = _YEAR_BEFORE.sub("", title)
    place = _REGION.match(title) or _REGION.match(plan_title) or _REGION.match(issuing_body or "")
    if place is None or "关于" in place[0] or "印发" in place[0]:
        subject = _SUBJECT.search(title)
        place = _REGION.match(_YEAR_BEFORE.sub("", plan_title)) or (
            _REGION.match(subject[1]) if subject else None
        )
    return place[0] if place else None
