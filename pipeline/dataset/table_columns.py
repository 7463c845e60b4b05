"""The columns of every table of an OUTPUT, in order, and the keys that tie the tables together."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pipeline.comparison import Decided, SeriesRow, Step
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
    SourceFile,
    Span,
)

ColumnType = Literal["string", "integer", "number", "date", "boolean"]


class DatasetColumn(NamedTuple):
    """A column of a table; its Chinese title is that of the field of the same name in its model."""

    name: str
    kind: ColumnType
    model: type[Any] | None


_STEP_TYPES: dict[str, ColumnType] = {
    "year": "integer", "gap": "integer", "score": "number", "ends": "boolean", "decided": "boolean",
}  # fmt: skip
_SERIES_TYPES: dict[str, ColumnType] = {
    "year": "integer", "items": "integer", "is_year": "boolean", "decided": "boolean",
}  # fmt: skip
# The tables that parsing makes.
COLUMNS: dict[str, tuple[DatasetColumn, ...]] = {
    "notices": (
        DatasetColumn("notice_id", "string", Notice),
        DatasetColumn("path", "string", Source),
        DatasetColumn("url", "string", Source),
        DatasetColumn("sha256", "string", Source),
        DatasetColumn("kind", "string", Notice),
        DatasetColumn("title", "string", Notice),
        DatasetColumn("notice_title", "string", Notice),
        DatasetColumn("document_number", "string", Notice),
        DatasetColumn("issuing_body", "string", Notice),
        DatasetColumn("region", "string", Notice),
        DatasetColumn("place", "string", Notice),
        DatasetColumn("place_code", "string", Notice),
        DatasetColumn("province", "string", Notice),
        DatasetColumn("city", "string", Notice),
        DatasetColumn("county", "string", Notice),
        DatasetColumn("year", "integer", Notice),
        DatasetColumn("year_end", "integer", Notice),
        DatasetColumn("issued_on", "date", Notice),
        DatasetColumn("published_on", "date", Notice),
        DatasetColumn("items", "integer", Notice),
        DatasetColumn("problems", "integer", Notice),
        DatasetColumn("corrected", "string", Notice),
    ),
    "items": (
        DatasetColumn("notice_id", "string", Notice),
        DatasetColumn("item_id", "string", Item),
        DatasetColumn("parent_id", "string", Item),
        DatasetColumn("year", "integer", Notice),
        DatasetColumn("region", "string", Notice),
        DatasetColumn("place", "string", Notice),
        DatasetColumn("plan_title", "string", Item),
        DatasetColumn("document_number", "string", Notice),
        DatasetColumn("label", "string", Item),
        DatasetColumn("number", "integer", Item),
        DatasetColumn("path", "string", Item),
        DatasetColumn("title", "string", Item),
        DatasetColumn("content", "string", Item),
        DatasetColumn("leaders", "string", Item),
        DatasetColumn("host_units", "string", Item),
        DatasetColumn("co_host_units", "string", Item),
        DatasetColumn("deadline", "string", Item),
        DatasetColumn("due", "date", Deadline),
        DatasetColumn("fields", "string", Item),
        DatasetColumn("problems", "string", Notice),
        DatasetColumn("corrected", "string", Item),
    ),
    "assignments": (
        DatasetColumn("notice_id", "string", Notice),
        DatasetColumn("item_id", "string", Item),
        DatasetColumn("role", "string", Assignment),
        DatasetColumn("label", "string", Assignment),
        DatasetColumn("name", "string", Name),
        DatasetColumn("canonical", "string", Name),
        DatasetColumn("kind", "string", Name),
        DatasetColumn("post", "string", Name),
        DatasetColumn("reading", "string", Assignment),
        DatasetColumn("start", "integer", Span),
        DatasetColumn("end", "integer", Span),
    ),
    "units": (
        DatasetColumn("canonical", "string", Body),
        DatasetColumn("kind", "string", Body),
        DatasetColumn("level", "string", Body),
        DatasetColumn("place", "string", Body),
        DatasetColumn("names", "string", None),
        DatasetColumn("first_year", "integer", None),
        DatasetColumn("last_year", "integer", None),
        DatasetColumn("notices", "integer", None),
        DatasetColumn("hosted", "integer", None),
        DatasetColumn("co_hosted", "integer", None),
        DatasetColumn("members", "string", Body),
    ),
    "leaders": (
        DatasetColumn("leader", "string", None),
        DatasetColumn("name", "string", Name),
        DatasetColumn("post", "string", Name),
        DatasetColumn("place", "string", Notice),
        DatasetColumn("first_year", "integer", None),
        DatasetColumn("last_year", "integer", None),
        DatasetColumn("notices", "integer", None),
        DatasetColumn("items", "integer", None),
    ),
    "problems": (
        DatasetColumn("notice_id", "string", Notice),
        DatasetColumn("item_id", "string", Item),
        DatasetColumn("code", "string", Problem),
        DatasetColumn("severity", "string", Problem),
        DatasetColumn("message", "string", Problem),
        DatasetColumn("start", "integer", Span),
        DatasetColumn("end", "integer", Span),
    ),
}
# Tables that other commands write into an OUTPUT; the data package describes those that are there.
OTHER_COLUMNS: dict[str, tuple[DatasetColumn, ...]] = {
    "corrections": (
        DatasetColumn("item_id", "string", Item),
        DatasetColumn("field", "string", Corrected),
        DatasetColumn("value", "string", Corrected),
        DatasetColumn("who", "string", Corrected),
        DatasetColumn("when", "string", Corrected),
        DatasetColumn("why", "string", Corrected),
        DatasetColumn("read", "string", None),
        DatasetColumn("path", "string", Source),
        DatasetColumn("sha256", "string", Source),
        DatasetColumn("words", "string", None),
        DatasetColumn("rank", "string", None),
    ),
    "decided_pairs": (
        DatasetColumn("one", "string", Decided),
        DatasetColumn("other", "string", Decided),
        DatasetColumn("decision", "string", Decided),
        DatasetColumn("who", "string", Decided),
        DatasetColumn("when", "string", Decided),
        DatasetColumn("why", "string", Decided),
        *(
            DatasetColumn(f"{side}_{name}", "string", None)
            for side in ("one", "other")
            for name in ("path", "sha256", "words", "rank")
        ),
    ),
    "judgements": (
        DatasetColumn("place", "string", Notice),
        DatasetColumn("name", "string", Name),
        DatasetColumn("body", "string", None),
        DatasetColumn("decision", "string", None),
        DatasetColumn("who", "string", Corrected),
        DatasetColumn("why", "string", Corrected),
    ),
    "names": (
        DatasetColumn("name", "string", Name),
        DatasetColumn("place", "string", Notice),
        DatasetColumn("count", "integer", None),
        DatasetColumn("first_year", "integer", None),
        DatasetColumn("last_year", "integer", None),
        DatasetColumn("roles", "string", None),
        DatasetColumn("canonical", "string", Name),
        DatasetColumn("rule", "string", None),
        DatasetColumn("near", "string", None),
    ),
    "progress": (
        DatasetColumn("item_id", "string", Item),
        DatasetColumn("unit", "string", None),
        DatasetColumn("column", "string", None),
        DatasetColumn("value", "string", None),
        DatasetColumn("path", "string", Source),
        DatasetColumn("sha256", "string", Source),
        DatasetColumn("words", "string", None),
        DatasetColumn("rank", "string", None),
    ),
    "series": tuple(
        DatasetColumn(name, _SERIES_TYPES.get(name, "string"), SeriesRow)
        for name in SeriesRow.model_fields
    ),
    "sources": tuple(DatasetColumn(name, "string", SourceFile) for name in SourceFile.model_fields),
    "threads": tuple(
        DatasetColumn(name, _STEP_TYPES.get(name, "string"), Step) for name in Step.model_fields
    ),
}
# The values of columns of a closed set that no model has.
CLOSED: dict[tuple[str, str], tuple[str, ...]] = {
    ("judgements", "decision"): ("same", "different", "unsure"),
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
