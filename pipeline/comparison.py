"""The records of a comparison of two plans, and of items followed over several years (pydantic)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.model import Record

LinkKind = Literal["same", "reworded", "split", "merged"]
Responsibility = Literal["same", "changed"]
Language = Literal["zh", "en"]
RoleField = Literal["leaders", "host_units", "co_host_units"]
Relation = Literal["same file", "same plan", "series", "other"]
# A link that is less probable than this asks its reader to check it. Of the labelled links below it
# more than half were wrong, of those above it one in a hundred.
DOUBTFUL = 0.8
# What a change may be of: a part of every item, or a labelled field of it: fields.target.
_CHANGED_FIELD = (
    r"^(?:number|title|content|path|leaders|host_units|co_host_units|deadline|fields\.\w+)$"
)
Value = str | int | tuple[str, ...] | tuple[int, ...] | None


class Move(Record):
    """A name with another role in an item than before: co-host, now host."""

    name: str = Field(title="名称")
    before: RoleField = Field(title="原角色")
    after: RoleField = Field(title="现角色")


class Rename(Record):
    """A body with another name than before; the responsible body is the same."""

    field: RoleField = Field(title="角色")
    before: str = Field(title="原名称")
    after: str = Field(title="现名称")
    how: str = Field(title="缘由")


class Words(Record):
    """A stretch of text that was kept, removed or added."""

    fate: Literal["kept", "removed", "added"] = Field(title="去留")
    text: str = Field(title="文字")


class FigureChange(Record):
    """A number that changed, with its unit and the words before it."""

    about: str = Field(title="指标")
    before: str = Field(title="原值")
    after: str = Field(title="现值")


class Change(Record):
    """A field in which linked items differ.

    `before` and `after` are a text or number where that side has one item, else a list; names are
    lists. `gained` and `lost` are names that got or lost the role, `moved` are names that had
    another role before. Only `content` has `words`; `figures` are those of the content or of a
    labelled field.
    """

    field: str = Field(title="字段", pattern=_CHANGED_FIELD)
    before: Value = Field(title="原文")
    after: Value = Field(title="现文")
    gained: tuple[str, ...] = Field(default=(), title="新增")
    lost: tuple[str, ...] = Field(default=(), title="不再")
    moved: tuple[Move, ...] = Field(default=(), title="调整")
    words: tuple[Words, ...] = Field(default=(), title="文字变动")
    figures: tuple[FigureChange, ...] = Field(default=(), title="指标变动")


class Decided(Record):
    """A person's decision on two items, or on two notices: they go on as one another, or do not.

    `effect` says what it did: `confirmed` what was found anyway, `joined` or `refused` something
    else, or `none` where it was not applied.
    """

    one: str = Field(title="一方")
    other: str = Field(title="另一方")
    decision: Literal["same", "different"] = Field(title="认定")
    who: str = Field(title="认定人")
    when: str = Field(title="认定日期")
    why: str = Field(default="", title="理由")
    effect: Literal["confirmed", "joined", "refused", "none"] = Field(title="结果")


class Evidence(Record):
    """The reasons for a link of two items: similarity of words, headings and units, 0 to 1.

    `score` is the probability that the two are one demand.
    """

    previous: str = Field(title="上年事项")
    current: str = Field(title="本年事项")
    score: float = Field(ge=0, le=1, title="把握")
    words: float = Field(ge=0, le=1, title="文字")
    path: float = Field(ge=0, le=1, title="部分")
    units: float = Field(ge=0, le=1, title="单位")
    shared: tuple[str, ...] = Field(default=(), title="共有文字")


class Link(Record):
    """Items that continue others: one to one, one to many (split) or many to one (merged).

    `kind` is about the demand alone; `responsibility` says whether the same people and bodies
    answer for it. `score` is the probability that the link is right: that of its least sure pair.
    """

    previous: tuple[str, ...] = Field(title="上年事项")
    current: tuple[str, ...] = Field(title="本年事项")
    kind: LinkKind = Field(title="关系")
    responsibility: Responsibility = Field(default="same", title="分工")
    score: float = Field(ge=0, le=1, title="把握")
    changes: tuple[Change, ...] = Field(default=(), title="变动")
    renames: tuple[Rename, ...] = Field(default=(), title="更名")
    evidence: tuple[Evidence, ...] = Field(default=(), title="依据")
    decided: bool = Field(default=False, title="人工认定")

    @property
    def is_doubtful(self) -> bool:
        """Whether a reader should check that the items belong together."""
        return self.score < DOUBTFUL


class Side(Record):
    """One of the two plans of a comparison."""

    notice_id: str = Field(title="文件编号")
    title: str | None = Field(title="计划标题")
    year: int | None = Field(title="年度")
    issuing_body: str | None = Field(title="发文机关")
    items: int = Field(ge=0, title="事项")


class Summary(Record):
    """The comparison as a paragraph, in two languages."""

    zh: str = Field(title="中文")
    en: str = Field(title="英文")

    def speak(self, language: Language) -> str:
        """The paragraph in one language."""
        return self.zh if language == "zh" else self.en


class Comparison(Record):
    """The fate of every item of two plans: linked, dropped or added."""

    previous: str = Field(title="上年文件")
    current: str = Field(title="本年文件")
    links: tuple[Link, ...] = Field(default=(), title="延续")
    dropped: tuple[str, ...] = Field(default=(), title="取消")
    added: tuple[str, ...] = Field(default=(), title="新增")
    relation: Relation = Field(title="两份文件")
    warnings: tuple[str, ...] = Field(default=(), title="提示")
    plans: tuple[Side, Side] = Field(title="计划")
    counts: dict[str, int] = Field(title="计数")
    summary: Summary = Field(title="概要")
    decided: tuple[Decided, ...] = Field(default=(), title="人工认定")


class Step(Record):
    """An item in its thread, with its relation to items of the plan before.

    `score` is empty for a new item. `gained`, `lost` and `moved` are leaders and units that came
    to the item, left it, or have another role than in the plan before.
    """

    thread_id: str = Field(title="线索")
    series: str = Field(title="计划系列")
    year: int = Field(title="年度")
    notice_id: str = Field(title="文件编号")
    item_id: str = Field(title="事项编号")
    kind: Literal["new", "same", "reworded", "split", "merged", "revived"] = Field(title="关系")
    previous: tuple[str, ...] = Field(default=(), title="上年事项")
    gap: int = Field(default=0, ge=0, title="间隔年数")
    score: float | None = Field(default=None, ge=0, le=1, title="把握")
    title: str = Field(title="事项")
    content: str = Field(default="", title="内容")
    leaders: tuple[str, ...] = Field(default=(), title="牵头领导")
    host_units: tuple[str, ...] = Field(default=(), title="主办单位")
    co_host_units: tuple[str, ...] = Field(default=(), title="协办单位")
    gained: tuple[str, ...] = Field(default=(), title="新增单位")
    lost: tuple[str, ...] = Field(default=(), title="不再单位")
    moved: tuple[str, ...] = Field(default=(), title="角色调整")
    evidence: tuple[str, ...] = Field(default=(), title="依据")
    decided: bool = Field(default=False, title="人工认定")
    ends: bool = Field(default=False, title="到此为止")


class SeriesRow(Record):
    """A notice in its series: a year of it, or left out for a reason.

    `perhaps` are other series of the place with the same title, which a person may join.
    """

    series: str = Field(title="计划系列")
    notice_id: str = Field(title="文件编号")
    plan_title: str = Field(title="计划标题")
    year: int | None = Field(title="年度")
    issuing_body: str = Field(title="发文机关")
    items: int = Field(ge=0, title="事项")
    is_year: bool = Field(title="计入系列")
    reason: str = Field(title="未计入原因")
    decided: bool = Field(title="人工认定")
    perhaps: tuple[str, ...] = Field(default=(), title="或为同一系列")
