"""Heads of tables with a row a line, at the end of a text."""

from __future__ import annotations

import pytest

from pipeline.parse.tables.by_line import find_line_head

HEAD = "序号\t重点任务\t责任分工\t责任单位"
SUBHEAD = "\t\t牵头单位\t配合单位"


@pytest.mark.parametrize(
    ("below", "begin", "roles"),
    [
        ((), 1, [None, None, "resp", "resp"]),
        ((SUBHEAD,), 2, [None, None, "lead", "assist"]),
        ((SUBHEAD, "1\t修路\t县交通局\t县财政局"), 2, [None, None, "lead", "assist"]),
        (("1\t修路\t县交通局\t县财政局",), 1, [None, None, "resp", "resp"]),
    ],
)
def test_a_head_and_what_is_below_it(
    below: tuple[str, ...], begin: int, roles: list[str | None]
) -> None:
    text, spans = "", []
    for line in (HEAD, *below):
        spans.append((len(text), len(text) + len(line)))
        text += line + "\n"
    head = find_line_head(text, spans, 0)
    assert head is not None
    assert head.begin == begin
    assert [column.say for column in head.columns] == roles
