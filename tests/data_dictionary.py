"""The data dictionary in docs/data.md and docs/zh/data.md: every table, column, record and field.

`python -m tests.data_dictionary` makes it anew, between two marks in each of the files, from the tables,
the models and pipeline/dataset/column_descriptions.csv. The words around it are written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import isclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pipeline.dataset.column_descriptions import Description, describe, describe_column
from pipeline.dataset.data_package import column_title, column_values
from pipeline.dataset.table_columns import (
    COLUMNS,
    FOREIGN_KEYS,
    OTHER_COLUMNS,
    PRIMARY_KEYS,
    DatasetColumn,
)
from pipeline.model import (
    Assignment,
    Attachment,
    Body,
    Corrected,
    Deadline,
    Edit,
    Item,
    JoinedFile,
    LabelledField,
    Location,
    Name,
    Notice,
    Part,
    Problem,
    Rule,
    Section,
    Source,
    Span,
    Stated,
    fields_of,
    is_record,
)
from tests.conftest import ROOT

# The records in the order in which a reader meets them.
RECORDS: tuple[type[Any], ...] = (
    Notice, Source, Attachment, JoinedFile, Location, Section, Item, Name, Assignment, Deadline, LabelledField,
    Body, Rule, Part, Problem, Corrected, Stated, Edit, Span,
)  # fmt: skip
BEGIN = "<!-- `make golden` makes what follows. -->"
END = "<!-- The end of what is made. -->"


class Words(NamedTuple):
    """The words of one language that the dictionary needs."""

    table_heads: str
    record_heads: str
    tables: str
    records: str
    key: str
    refers: str
    types: dict[str, str]
    absent: str
    listed: str
    mapped: str
    comma: str
    one_of: str


WORDS = {
    "en": Words(
        "| column | 中文 | type | meaning |", "| field | 中文 | type | meaning |",
        "Tables", "Records", "key", "in {}", {}, "{} or null", "list of {}", "{} by name", ", ",
        "{}: {}",
    ),
    "zh": Words(
        "| 列 | 名称 | 类型 | 说明 |", "| 字段 | 名称 | 类型 | 说明 |", "表", "记录", "主键", "见 {}",
        {"string": "文本", "integer": "整数", "number": "小数", "date": "日期", "boolean": "真假"}, "{}，可空",
        "{} 的列表", "{}，按名称", "、", "{}：{}",
    ),
}  # fmt: skip
FILES = {"en": ROOT / "docs" / "data.md", "zh": ROOT / "docs" / "zh" / "data.md"}


def make_dictionary(language: str) -> str:
    """Return the made part of the file of a language, without its marks."""
    words = WORDS[language]
    lines = [f"## {words.tables}", ""]
    for table, columns in (COLUMNS | OTHER_COLUMNS).items():
        rows = (_column_row(table, column, language) for column in columns)
        lines += _section(table, describe(table), words.table_heads, rows, language)
    lines += [f"## {words.records}", ""]
    for record in RECORDS:
        owner = record.__name__
        rows = (_field_row(record, name, language) for name in fields_of(record))
        lines += _section(owner, describe(owner), words.record_heads, rows, language)
    return "\n".join(lines)


def _section(
    name: str, about: Description, heads: str, rows: Iterator[str], language: str
) -> Iterator[str]:
    told = _sentence(getattr(about, language), language)
    yield from (f"### {name} {about.title}", "", told, "")
    yield from (heads, "| --- | --- | --- | --- |", *rows, "")


def _sentence(words: str, language: str) -> str:
    return f"{words}。" if language == "zh" else f"{words[:1].upper()}{words[1:]}."


def _column_row(table: str, column: DatasetColumn, language: str) -> str:
    words = WORDS[language]
    kind = words.types.get(column.kind, column.kind)
    if values := column_values(table, column):
        kind = words.one_of.format(kind, words.comma.join(values))
    marks = [words.key] if PRIMARY_KEYS.get(table) == column.name else []
    marks += [
        words.refers.format(to) for own, to in FOREIGN_KEYS.get(table, ()) if own == column.name
    ]
    kind = words.comma.join([kind, *marks])
    meaning = getattr(describe_column(table, column), language)
    return _row(column.name, column_title(table, column), kind, meaning)


def _field_row(record: type[Any], name: str, language: str) -> str:
    field = fields_of(record)[name]
    kind = _type_name(field.annotation, WORDS[language])
    meaning = getattr(describe(record.__name__, name), language)
    return _row(name, field.title or "", kind, meaning)


def _type_name(annotation: object, words: Words) -> str:
    """Return a type as words: tuple[Name, ...] is a list of Name."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        own = next(one for one in args if one is not NoneType)
        return words.absent.format(_type_name(own, words))
    if origin is Literal:
        text = words.types.get("string", "string")
        return words.one_of.format(text, words.comma.join(map(str, args)))
    if origin is tuple:
        return words.listed.format(_type_name(args[0], words))
    if origin is dict:
        return words.mapped.format(_type_name(args[1], words))
    plain = {str: "string", int: "integer", bool: "boolean"}
    if isclass(annotation) and is_record(annotation):
        return annotation.__name__
    name = plain[annotation]  # type: ignore[index]
    return words.types.get(name, name)


def _row(*cells: str) -> str:
    return f"| {' | '.join(one.replace('|', chr(92) + '|') for one in cells)} |"


def put_in(text: str, made: str) -> str:
    """Return a file's text with the made part between its marks replaced."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    assert pattern.search(text), "the file has lost its marks"
    return pattern.sub(lambda _: f"{BEGIN}\n\n{made}\n{END}", text)


def main() -> None:
    """Write the dictionary into both files."""
    for language, path in FILES.items():
        _write(path, put_in(path.read_text("utf-8"), make_dictionary(language)))


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
