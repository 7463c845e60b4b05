"""Write Datasette's metadata of a store: Chinese titles, row labels, facets, prepared queries."""

from __future__ import annotations

import hashlib
import json
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from pipeline.dataset.files import write_changed
from pipeline.errors import OutputError
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
    fields_of,
)
from pipeline.store.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

# Table -> Chinese title, the column that labels a row, models with titles for its columns, facets.
_TABLES: dict[str, tuple[str, str | None, tuple[type[Any], ...], tuple[str, ...]]] = {
    "notices": ("文件", "title", (Notice, Source), ("year", "region", "kind")),
    "items": ("事项", "title", (Item, Deadline, Notice, Span), ("year", "region")),
    "assignments": (
        "任务分工",
        "name",
        (Assignment, Name, Item, Span),
        ("role", "kind", "reading"),
    ),
    "units": ("机构", "canonical", (Body,), ("level", "kind")),
    "unit_names": ("机构名称", "name", (Name,), ()),
    "fields": ("其他字段", "text", (Item,), ("label",)),
    "problems": ("问题", "message", (Problem, Span), ("severity", "code")),
    "corrections": ("更正", "value", (Corrected, Problem), ("who", "field")),
    "versions": ("版本", "title", (Notice,), ()),
}
# Address -> title and query.
_QUESTIONS = {
    "unit_items": (
        "某单位承担的事项",
        """
        SELECT year, role, title, deadline, plan, item_id FROM duties
        WHERE name = :unit OR canonical = :unit ORDER BY year DESC, role DESC""",
    ),
    "word_items": (
        "含某词的事项",
        """
        SELECT year, title, host_units, co_host_units, item_id FROM items
        WHERE instr(content, :word) OR instr(title, :word) ORDER BY id DESC""",
    ),
    "unit_load": (
        "各单位主办协办件数",
        """
        SELECT canonical, year, hosted, co_hosted FROM unit_years
        WHERE year = :year ORDER BY hosted DESC, co_hosted DESC""",
    ),
    "due": (
        "某日之前到期的事项",
        """
        SELECT due, title, host_units, item_id FROM items
        WHERE due IS NOT NULL AND due <= :day ORDER BY due""",
    ),
}


_TITLE = "年度计划任务分工"
_DIGEST = "fengong_digest"


def _is_ours(path: Path) -> bool:
    """Answer whether a file is as `write_metadata` wrote it: its digest is that of the rest."""
    try:
        if not path.is_file():
            return False
        metadata = json.loads(path.read_bytes())
        return bool(metadata.pop(_DIGEST) == _digest_of(metadata))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _digest_of(metadata: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(metadata, ensure_ascii=False).encode()).hexdigest()


def write_metadata(store: Path) -> Path:
    """Write the metadata of a SQLite store beside it, as datasette.json; return the path.

    Where a file of that name is somebody else's, or was changed since, it gets the store's name:
    store.datasette.json. Raises OutputError where that is taken too.
    """
    names = ("datasette.json", f"{store.stem}.datasette.json")
    free = (path for path in map(store.with_name, names) if not path.exists() or _is_ours(path))
    path = next(free, None)
    if path is None:
        fact = "is not as fengong wrote it and would be overwritten"
        raise OutputError(store.with_name(names[1]), fact, "move it away")
    metadata: dict[str, Any] = {
        "title": _TITLE,
        "databases": {store.stem: {"tables": _tables(), "queries": _queries()}},
    }
    metadata[_DIGEST] = _digest_of(metadata)
    write_changed(path, (json.dumps(metadata, ensure_ascii=False, indent=1) + "\n").encode())
    return path


def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = {name: {"hidden": True} for name in ("about", "holders")}
    for name, (title, label, models, facets) in _TABLES.items():
        # In one line: Datasette shows `columns` as a list that pushes the rows off the screen.
        named = ((column.name, _title(column.name, models)) for column in TABLES[name].c)
        columns = " · ".join(f"{column} {words}" for column, words in named if words)
        one: dict[str, Any] = {"title": title, "description": columns}
        one |= {"label_column": label} if label else {}
        one |= {"facets": list(facets)} if facets else {}
        tables[name] = one | ({"sort_desc": "id"} if name == "items" else {})
    return tables


def _title(column: str, models: tuple[type[Any], ...]) -> str | None:
    fields = (fields_of(model).get(column) for model in models)
    return next((field.title for field in fields if field is not None), None)


def _queries() -> dict[str, Any]:
    return {
        name: {"title": title, "sql": dedent(sql).strip()}
        for name, (title, sql) in _QUESTIONS.items()
    }
