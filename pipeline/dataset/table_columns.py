"""The columns of every table of an OUTPUT, in order, and the keys that tie the tables together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.comparison import Step
from pipeline.model import (
    Assignment,
    Body,
    Corrected,
    Deadline,
    Item,
    Name,
    Notice,
    Problem,
    Source,
    Span,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

ColumnType = Literal["string", "integer", "date", "boolean"]


class TableColumn(NamedTuple):
    """A column of a table; its Chinese title is that of the model's field of the same name."""

    name: str
    kind: ColumnType
    model: type[BaseModel] | None


_STEP_TYPES: dict[str, ColumnType] = {"year": "integer", "gap": "integer", "ends": "boolean"}
# The tables that parsing makes.
COLUMNS: dict[str, tuple[TableColumn, ...]] = {
    "notices": (
        TableColumn("notice_id", "string", Notice),
        TableColumn("path", "string", Source),
        TableColumn("sha256", "string", Source),
        TableColumn("kind", "string", Notice),
        TableColumn("title", "string", Notice),
        TableColumn("notice_title", "string", Notice),
        TableColumn("document_number", "string", Notice),
        TableColumn("issuing_body", "string", Notice),
        TableColumn("region", "string", Notice),
        TableColumn("year", "integer", Notice),
        TableColumn("year_end", "integer", Notice),
        TableColumn("issued_on", "date", Notice),
        TableColumn("published_on", "date", Notice),
        TableColumn("items", "integer", Notice),
        TableColumn("problems", "integer", Notice),
        TableColumn("corrected", "string", Notice),
    ),
    "items": (
        TableColumn("notice_id", "string", Notice),
        TableColumn("item_id", "string", Item),
        TableColumn("year", "integer", Notice),
        TableColumn("region", "string", Notice),
        TableColumn("plan_title", "string", Item),
        TableColumn("document_number", "string", Notice),
        TableColumn("label", "string", Item),
        TableColumn("number", "integer", Item),
        TableColumn("path", "string", Item),
        TableColumn("title", "string", Item),
        TableColumn("content", "string", Item),
        TableColumn("leaders", "string", Item),
        TableColumn("host_units", "string", Item),
        TableColumn("co_host_units", "string", Item),
        TableColumn("deadline", "string", Item),
        TableColumn("due", "date", Deadline),
        TableColumn("problems", "string", Notice),
        TableColumn("corrected", "string", Item),
    ),
    "assignments": (
        TableColumn("notice_id", "string", Notice),
        TableColumn("item_id", "string", Item),
        TableColumn("role", "string", Assignment),
        TableColumn("label", "string", Assignment),
        TableColumn("name", "string", Name),
        TableColumn("canonical", "string", Name),
        TableColumn("kind", "string", Name),
        TableColumn("post", "string", Name),
        TableColumn("reading", "string", Assignment),
        TableColumn("start", "integer", Span),
        TableColumn("end", "integer", Span),
    ),
    "units": (
        TableColumn("canonical", "string", Body),
        TableColumn("kind", "string", Body),
        TableColumn("level", "string", Body),
        TableColumn("place", "string", Body),
        TableColumn("names", "string", None),
        TableColumn("first_year", "integer", None),
        TableColumn("last_year", "integer", None),
        TableColumn("notices", "integer", None),
        TableColumn("hosted", "integer", None),
        TableColumn("co_hosted", "integer", None),
        TableColumn("members", "string", Body),
    ),
    "leaders": (
        TableColumn("leader", "string", None),
        TableColumn("name", "string", Name),
        TableColumn("post", "string", Name),
        TableColumn("place", "string", Notice),
        TableColumn("first_year", "integer", None),
        TableColumn("last_year", "integer", None),
        TableColumn("notices", "integer", None),
        TableColumn("items", "integer", None),
    ),
    "problems": (
        TableColumn("notice_id", "string", Notice),
        TableColumn("item_id", "string", Item),
        TableColumn("code", "string", Problem),
        TableColumn("severity", "string", Problem),
        TableColumn("message", "string", Problem),
        TableColumn("start", "integer", Span),
        TableColumn("end", "integer", Span),
    ),
}
# Tables that other commands write into an OUTPUT; the data package describes those that are there.
OTHER_COLUMNS: dict[str, tuple[TableColumn, ...]] = {
    "corrections": (
        TableColumn("item_id", "string", Item),
        TableColumn("field", "string", Corrected),
        TableColumn("value", "string", Corrected),
        TableColumn("who", "string", Corrected),
        TableColumn("when", "string", Corrected),
        TableColumn("why", "string", Corrected),
        TableColumn("read", "string", None),
        TableColumn("path", "string", Source),
        TableColumn("sha256", "string", Source),
        TableColumn("words", "string", None),
        TableColumn("rank", "string", None),
    ),
    "judgements": (
        TableColumn("place", "string", Notice),
        TableColumn("name", "string", Name),
        TableColumn("body", "string", None),
        TableColumn("decision", "string", None),
        TableColumn("who", "string", Corrected),
        TableColumn("why", "string", Corrected),
    ),
    "names": (
        TableColumn("name", "string", Name),
        TableColumn("place", "string", Notice),
        TableColumn("count", "integer", None),
        TableColumn("first_year", "integer", None),
        TableColumn("last_year", "integer", None),
        TableColumn("roles", "string", None),
        TableColumn("canonical", "string", Name),
        TableColumn("rule", "string", None),
        TableColumn("near", "string", None),
    ),
    "progress": (
        TableColumn("item_id", "string", Item),
        TableColumn("unit", "string", None),
        TableColumn("column", "string", None),
        TableColumn("value", "string", None),
        TableColumn("path", "string", Source),
        TableColumn("sha256", "string", Source),
        TableColumn("words", "string", None),
        TableColumn("rank", "string", None),
    ),
    "threads": tuple(
        TableColumn(name, _STEP_TYPES.get(name, "string"), Step) for name in Step.model_fields
    ),
}
PRIMARY_KEYS = {
    "notices": "notice_id",
    "items": "item_id",
    "units": "canonical",
    "leaders": "leader",
}
# Tables with one row for each body or person, made from all notices together.
AGGREGATED = ("units", "leaders")
# Table -> its columns that name a row of another table, and that table.
FOREIGN_KEYS = {
    "items": (("notice_id", "notices"),),
    "assignments": (("notice_id", "notices"), ("item_id", "items"), ("canonical", "units")),
    "problems": (("notice_id", "notices"), ("item_id", "items")),
}
