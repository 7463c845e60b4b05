"""The records of a parsed notice (pydantic), from which every export and table is made."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

SCHEMA_VERSION: Literal["1.0"] = "1.0"
Role = Literal["leader", "host", "co_host"]
Severity = Literal["error", "warning", "info"]
NameKind = Literal["unit", "collective", "person"]
EditKind = Literal["split", "join", "add", "delete", "reviewed"]
Level = Literal["national", "province", "city", "county", "town", "unit"]
Precision = Literal["day", "month", "quarter", "half", "year", "ongoing"]
RuleCode = Literal["first-leads", "marked-leads", "responsible-leads", "standing", "closing"]
PartName = Literal[
    "header",
    "notice",
    "foreword",
    "lead_in",
    "requirements",
    "closing",
    "signature",
    "furniture",
    "table_head",
    "annex",
    "repeat",
]


class Record(BaseModel):
    """The base of every record: frozen, and without fields that the model does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# All that a notice or a source consists of are dataclasses with slots, validated like the others: they
# take a quarter of the memory, and the collector looks at one object for each instead of three.
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Span:
    """A stretch of source.text: half-open, in Unicode code points."""

    start: int = Field(ge=0, title="起")
    end: int = Field(ge=0, title="止")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Problem:
    """Something that could not be read, or that looks like an error of the source."""

    code: str = Field(title="代码")
    severity: Severity = Field(title="程度")
    message: str = Field(title="说明")
    span: Span | None = Field(default=None, title="位置")
    item_id: str | None = Field(default=None, title="事项编号")


class SourceFile(Record):
    """A file among the sources of an OUTPUT: whether it was read, skipped or failed, and why.

    `kind` is its suffix; the hash of a file that was skipped is empty, for it is not opened.
    """

    path: str = Field(title="文件")
    sha256: str = Field(default="", title="校验值")
    kind: str = Field(default="", title="格式")
    fate: Literal["read", "skipped", "failed"] = Field(title="处理结果")
    why: str = Field(default="", title="原因")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Location:
    """The place of a stretch of source.text in the file: a page, or a cell of a sheet or table.

    Pages, tables, rows and columns count from 1; `cell` is a sheet's address such as B7.
    """

    span: Span = Field(title="位置")
    page: int | None = Field(default=None, title="页")
    sheet: str | None = Field(default=None, title="工作表")
    cell: str | None = Field(default=None, title="单元格")
    table: int | None = Field(default=None, title="表")
    row: int | None = Field(default=None, title="行")
    column: int | None = Field(default=None, title="列")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Attachment:
    """A file that a page links to as its attachment: the text and the address of the link."""

    text: str = Field(title="名称")
    url: str = Field(title="网址")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class JoinedFile:
    """A file whose text is a stretch of source.text: a page, or an attachment joined to it.

    What begins inside the stretch of a file came from that file.
    """

    path: str = Field(title="文件")
    url: str | None = Field(default=None, title="网址")
    sha256: str = Field(title="校验值")
    media_type: str | None = Field(default=None, title="类型")
    span: Span = Field(title="位置")


class Source(Record):
    """The document that a record was read from, with the text that all spans refer to.

    `particulars` are the values of a page's own metadata (title, published_on, issued_on,
    issuing_body, document_number, index_number), verbatim. `remarks` are the problems of reading:
    damage that was repaired, and parts that were skipped. `files` is there where the text was joined
    from several files, in the order of the text.
    """

    path: str | None = Field(default=None, title="文件")
    url: str | None = Field(default=None, title="网址")
    sha256: str = Field(title="校验值")
    media_type: str | None = Field(default=None, title="类型")
    encoding: str | None = Field(default=None, title="编码")
    retrieved_at: str | None = Field(default=None, title="采集时间")
    text: str = Field(title="原文")
    particulars: dict[str, str] = Field(default_factory=dict, title="页面信息")
    attachments: tuple[Attachment, ...] = Field(default=(), title="附件")
    locations: tuple[Location, ...] = Field(default=(), title="所在")
    remarks: tuple[Problem, ...] = Field(default=(), title="读取说明")
    # Left out where there is one file alone, so that records of such sources stay as they are.
    files: tuple[JoinedFile, ...] | None = Field(
        default=None, title="组成文件", exclude_if=lambda files: files is None
    )


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Name:
    """A unit, a group of units or a person, exactly as the source prints it."""

    text: str = Field(title="原文")
    span: Span = Field(title="位置")
    name: str = Field(title="名称")
    canonical: str | None = Field(default=None, title="规范名称")
    aliases: tuple[str, ...] = Field(default=(), title="加挂牌子")
    kind: NameKind = Field(title="类别")
    post: str | None = Field(default=None, title="职务")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Body:
    """A body that names of the notice mean: its level, its place, the known members of a group.

    A body has no place where the notice does not tell it; its canonical name is then valid in this
    notice only.
    """

    canonical: str = Field(title="规范名称")
    kind: NameKind = Field(title="类别")
    level: Level | None = Field(default=None, title="层级")
    place: str | None = Field(default=None, title="所在地")
    members: tuple[str, ...] = Field(default=(), title="成员")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Assignment:
    """The names that one clause gives a role in an item, and the words for which it does."""

    role: Role = Field(title="角色")
    label: str | None = Field(default=None, title="标签")
    names: tuple[Name, ...] = Field(title="名单")
    open_ended: bool = Field(default=False, title="等")
    span: Span = Field(title="位置")
    scope: Span = Field(title="所辖文字")
    reading: str = Field(default="label", title="读法")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Deadline:
    """A deadline: its phrase, the last permitted day and the precision of the phrase."""

    text: str = Field(title="原文")
    span: Span = Field(title="位置")
    due: str | None = Field(default=None, title="期限")
    precision: Precision | None = Field(default=None, title="精度")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class LabelledField:
    """Any other labelled field of an item."""

    label: str = Field(title="标签")
    text: str = Field(title="原文")
    span: Span = Field(title="位置")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Stated:
    """A name that a person enters in a correction; it need not be in the source."""

    name: str = Field(title="名称")
    canonical: str | None = Field(default=None, title="规范名称")
    kind: NameKind = Field(title="类别")
    post: str | None = Field(default=None, title="职务")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Corrected:
    """A correction of a field by a person; the field itself keeps the value that was read.

    `names` are the new leaders or units, `value` is the new value of any other field. Both are
    empty where the document names none.
    """

    field: str = Field(title="字段")
    value: str | None = Field(default=None, title="更正为")
    names: tuple[Stated, ...] = Field(default=(), title="名单")
    who: str = Field(title="更正人")
    when: str = Field(title="更正日期")
    why: str | None = Field(default=None, title="理由")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Item:
    """The smallest numbered undertaking that is assigned to someone."""

    item_id: str = Field(title="事项编号")
    label: str | None = Field(default=None, title="序号")
    number: int | None = Field(default=None, title="序号值")
    path: tuple[str, ...] = Field(default=(), title="所属部分")
    parent_id: str | None = Field(default=None, title="上级事项")
    plan_title: str | None = Field(default=None, title="所属计划")
    title: str = Field(title="事项")
    content: str = Field(title="内容")
    leaders: tuple[Name, ...] = Field(default=(), title="牵头领导")
    host_units: tuple[Name, ...] = Field(default=(), title="主办单位")
    co_host_units: tuple[Name, ...] = Field(default=(), title="协办单位")
    assignments: tuple[Assignment, ...] = Field(default=(), title="任务分工")
    deadline: Deadline | None = Field(default=None, title="完成时限")
    fields: dict[str, LabelledField] = Field(default_factory=dict, title="其他字段")
    corrected: tuple[Corrected, ...] = Field(default=(), title="更正")
    span: Span = Field(title="位置")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Section:
    """A part of the body with a heading."""

    label: str | None = Field(default=None, title="序号")
    heading: str = Field(title="小标题")
    level: int = Field(ge=1, title="层级")
    span: Span = Field(title="位置")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Rule:
    """A sentence that decides roles in other items too: 列第一位者为牵头单位,下同."""

    code: RuleCode = Field(title="代码")
    text: str = Field(title="原文")
    span: Span = Field(title="位置")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Part:
    """A stretch of text outside items and headings, with the name of the part that it is."""

    name: PartName = Field(title="部分")
    span: Span = Field(title="位置")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Edit:
    """What a person decided about whole items: `items` are in force in place of those of `item_ids`.

    The notice's own items stay as they were read. `reviewed` changes no item: a person found the
    items of `item_ids` right, the whole notice where there are none, and only what is of no item where
    it is the notice's own id.
    """

    kind: EditKind = Field(title="改动")
    item_ids: tuple[str, ...] = Field(default=(), title="原事项")
    items: tuple[Item, ...] = Field(default=(), title="新事项")
    who: str = Field(title="更正人")
    when: str = Field(title="更正日期")
    why: str | None = Field(default=None, title="理由")


class Notice(Record):
    """The record of one published document."""

    schema_version: Literal["1.0"] = Field(default=SCHEMA_VERSION, title="格式版本")
    notice_id: str = Field(title="文件编号")
    source: Source = Field(title="出处")
    kind: str | None = Field(default=None, title="文种")
    title: str | None = Field(default=None, title="计划标题")
    notice_title: str | None = Field(default=None, title="通知标题")
    document_number: str | None = Field(default=None, title="发文字号")
    issuing_body: str | None = Field(default=None, title="发文机关")
    region: str | None = Field(default=None, title="地区")
    place: str | None = Field(default=None, title="所在地")
    place_code: str | None = Field(default=None, title="行政区划代码")
    province: str | None = Field(default=None, title="省")
    city: str | None = Field(default=None, title="市")
    county: str | None = Field(default=None, title="县")
    year: int | None = Field(default=None, title="年度")
    year_end: int | None = Field(default=None, title="截止年度")
    issued_on: str | None = Field(default=None, title="成文日期")
    published_on: str | None = Field(default=None, title="发布日期")
    sections: tuple[Section, ...] = Field(default=(), title="部分")
    items: tuple[Item, ...] = Field(default=(), title="事项")
    bodies: tuple[Body, ...] = Field(default=(), title="机构")
    rules: tuple[Rule, ...] = Field(default=(), title="规则")
    parts: tuple[Part, ...] = Field(default=(), title="其他文字")
    problems: tuple[Problem, ...] = Field(default=(), title="问题")
    corrected: tuple[Corrected, ...] = Field(default=(), title="更正")
    # Left out where there are none, so that most records need no room for them.
    edits: tuple[Edit, ...] = Field(
        default=(), title="事项改动", exclude_if=lambda edits: not edits
    )

    @property
    def home(self) -> str | None:
        """The place by which names in the notice are read: its full path, else its region."""
        return self.place or self.region


_RECORD: TypeAdapter[Any] = TypeAdapter(Any)


def fields_of(record: type[Any]) -> Mapping[str, FieldInfo]:
    """The fields of a class of records by name: of a model or of a dataclass."""
    fields: Mapping[str, FieldInfo] = record.__pydantic_fields__
    return fields


def is_record(kind: type[Any]) -> bool:
    """Whether a class is one of records: a model or a dataclass with validated fields."""
    return hasattr(kind, "__pydantic_fields__")


def values_of(record: Item | Body | Rule) -> dict[str, Any]:
    """The values of a record that is a dataclass by field, the records in it as dictionaries too."""
    values: dict[str, Any] = _RECORD.dump_python(record)
    return values


def closed_values(annotation: object) -> tuple[str, ...]:
    """The texts that a field of this annotation may have, none where any text may be there.

    Literal["a", "b"] | None -> ("a", "b")
    """
    if get_origin(annotation) in (Union, UnionType):
        return next(filter(None, map(closed_values, get_args(annotation))), ())
    return get_args(annotation) if get_origin(annotation) is Literal else ()
