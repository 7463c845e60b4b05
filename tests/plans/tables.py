"""Plans in tables, and the ways a table is flattened to text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.plans.draft import Draft, Task, draft

if TYPE_CHECKING:
    from tests.plans.draft import Writer

_TASK_HEADS = ("重点任务", "工作任务", "主要任务", "任务内容", "重点工作")
_NUMBER_HEADS = ("序号", "序号", "编号")
_GROUP_HEADS = ("类别", "分类", "任务类别")


@dataclass(slots=True)
class Table:
    """A grid with its header; an empty first cell stands for a merged one that began above."""

    header: list[str]
    rows: list[list[str]]
    merged: bool = False
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def _columns(w: Writer, kind: str) -> list[tuple[str, str]]:
    """What the owners' columns hold and how they are headed."""
    leader = ("leader", w.pick("牵头领导", "责任领导", "分管领导"))
    if kind == "lead and others":
        pairs = (("牵头单位", "责任单位"), ("牵头单位", "配合单位"), ("主办单位", "协办单位"))
        host, other = w.chance.choice(pairs)
        return [("host", host), ("co_host", other)]
    if kind == "others before lead":
        return [("co_host", "责任单位"), ("host", "牵头单位")]
    if kind == "leaders":
        return [leader, ("host", "责任单位"), ("co_host", "配合单位")]
    if kind == "deadline":
        return [("host", w.pick("责任单位", "责任部门")), ("due", w.pick("完成时限", "完成时间"))]
    return [("host", w.pick("责任单位", "责任部门", "牵头单位"))]


Kind = Callable[["Writer"], tuple[Draft, list[Table]]]


def table(kind: str) -> Kind:
    """A plan whose tasks are the rows of one table."""

    def write(w: Writer) -> tuple[Draft, list[Table]]:
        made = draft(w, "1.")
        made.tail = []
        columns = _columns(w, kind)
        grouped = kind == "categories"
        made.nodes = list(_tasks(w, grouped=grouped))
        header = [w.chance.choice(_GROUP_HEADS)] if grouped else []
        header += [w.chance.choice(_NUMBER_HEADS), w.chance.choice(_TASK_HEADS)]
        grid = Table(header + [head for _, head in columns], [], grouped)
        before = ""
        for task in made.tasks:
            group = [task.path[0] if task.path[0] != before else ""] if grouped else []
            before = task.path[0] if grouped else ""
            grid.rows.append([*group, task.label or "", _words(task), *_cells(w, task, columns)])
        grid.before = made.preface
        return made, [grid]

    return write


def _tasks(w: Writer, *, grouped: bool) -> list[Task]:
    many = w.chance.randint(4, 8)
    tasks = [Task(str(number), w.title(), ()) for number in range(1, many + 1)]
    cut = w.chance.randint(2, many - 2) if grouped else many
    for group in (tasks[:cut], tasks[cut:]) if grouped else ():
        heading = w.category()
        for task in group:
            task.path = (heading,)
    for task in tasks:
        task.body = w.sentences(0, 2, decoys=False)
    return tasks


def _words(task: Task) -> str:
    """A task's cell; one sentence alone has no full stop."""
    return "。".join([task.title, *task.body]) + ("。" if task.body else "")


def _cells(w: Writer, task: Task, columns: list[tuple[str, str]]) -> list[str]:
    units = w.units(2, 5)
    many = 1 if any(role == "co_host" for role, _ in columns) else w.chance.randint(1, 3)
    task.hosts, task.co_hosts = units[:many], units[many:]
    found = []
    for role, _ in columns:
        if role == "leader":
            task.leaders = [w.person()]
            found.append(task.leaders[0])
        elif role == "due":
            month, day = w.chance.choice(((6, 30), (9, 30), (12, 31)))
            task.due = f"{w.year}-{month:02}-{day}"
            found.append(w.pick(f"{w.year}年{month}月底", f"{month}月底前"))
        else:
            found.append("、".join(task.hosts if role == "host" else task.co_hosts))
    if not any(role == "co_host" for role, _ in columns):
        task.co_hosts = []
    elif w.maybe(0.1):
        # Nobody takes part, and the cell says so.
        found[[role for role, _ in columns].index("co_host")] = w.pick("—", "无", "/")
        task.co_hosts = []
    return found


def two_tables(w: Writer) -> tuple[Draft, list[Table]]:
    """One notice with two annexes, each a table with columns and numbers of its own."""
    kinds = w.chance.sample(("hosts", "lead and others", "leaders", "deadline"), 2)
    (first, [one]), (second, [two]) = (table(kind)(w) for kind in kinds)
    place = "" if w.level == "国" else w.place
    titles = [f"{place}{w.year}年{name}" for name in ("重点工作任务分解表", "民生实事项目分解表")]
    for part, title in zip((first, second), titles, strict=True):
        for task in part.tasks:
            task.plan_title = title
    one.before = [f"{w.office}关于印发{'和'.join(titles)}的通知", "各有关单位："]
    one.before += ["现将有关分解表印发给你们，请认真组织实施。", w.office, f"{w.year}年3月1日"]
    one.before += ["附件1", titles[0]]
    two.before = ["附件2", titles[1]]
    first.nodes += second.nodes
    return first, [one, two]


KINDS: dict[str, Kind] = {
    f"table: {kind}": table(kind)
    for kind in (
        "hosts",
        "lead and others",
        "others before lead",
        "leaders",
        "deadline",
        "categories",
    )
} | {"table: two annexes": two_tables}


def _with_header(w: Writer, grid: Table) -> list[list[str]]:
    """The rows below their header, which may be repeated after a page break."""
    found = list(grid.rows)
    if not grid.merged and w.maybe(0.2):
        found.insert(len(found) // 2, grid.header)
    return [grid.header, *found]


def _joined(rows: list[str], grid: Table, joint: str = "\n") -> str:
    return joint.join([*grid.before, *rows, *grid.after])


def tabs(w: Writer, grid: Table) -> str:
    """A row a line, cells parted by tabs; a merged cell is empty or missing in later rows."""
    missing = w.maybe(0.5)
    rows = [row[1:] if missing and not row[0] else row for row in _with_header(w, grid)]
    return _joined(["\t".join(row) for row in rows], grid)


def pipes(w: Writer, grid: Table) -> str:
    """Row by row, a | b | c |, perhaps framed, perhaps with a rule below the header."""
    missing, framed, ruled = w.maybe(0.5), w.maybe(0.5), w.maybe(0.3)
    rows = [row[1:] if missing and not row[0] else row for row in _with_header(w, grid)]
    found = [("| " if framed else "") + " | ".join(row) + " |" for row in rows]
    if ruled:
        found.insert(1, "| " + " | ".join("---" for _ in grid.header) + " |")
    return _joined(found, grid)


def cells(w: Writer, grid: Table) -> str:
    """A cell a line, perhaps with blank lines or a bar between; a merged cell stands once."""
    joint = w.pick("\n", "\n\n", "\n|\n", " |\n")
    return _joined(
        [joint.join(cell for row in _with_header(w, grid) for cell in row if cell)], grid
    )


def box(w: Writer, grid: Table, *, torn: bool = False) -> str:
    """Drawn with ┌─┬┐; cells wrap in their column, partial rules below merged cells."""
    rows = _with_header(w, grid)
    widths = [_width(w, column, rows, torn=torn) for column in range(len(grid.header))]
    found = [_rule("┌┬┐", widths)]
    for number, row in enumerate(rows):
        found += _box_row(row, widths, torn=torn)
        following = rows[number + 1] if number + 1 < len(rows) else None
        if following is None:
            found.append(_rule("└┴┘", widths))
        elif following[0]:
            found.append(_rule("├┼┤", widths))
        else:
            found.append(f"│{'　' * widths[0]}" + _rule("├┼┤", widths[1:]))
    return _joined(found, grid)


def torn_box(w: Writer, grid: Table) -> str:
    """A box whose narrow columns break names: no stretch of the text holds such a name."""
    return box(w, grid, torn=True)


def _width(w: Writer, column: int, rows: list[list[str]], *, torn: bool) -> int:
    """Characters a line of a column; the task's is the widest, owners' hold the longest name."""
    head = rows[0][column]
    if head in _NUMBER_HEADS:
        return 2
    if head in _TASK_HEADS:
        return 18
    longest = max(len(name) for row in rows for name in row[column].split("、"))
    return w.chance.randint(4, 6) if torn else max(w.chance.randint(5, 9), longest + 1)


def _rule(ends: str, widths: list[int]) -> str:
    return ends[0] + ends[1].join("─" * width for width in widths) + ends[2]


def _box_row(row: list[str], widths: list[int], *, torn: bool) -> list[str]:
    columns = [
        list(_fitted(cell, width, whole=not torn and "。" not in cell))
        for cell, width in zip(row, widths, strict=True)
    ]
    high = max(map(len, columns))
    padded = [
        [*column, *("　" * width for _ in range(high - len(column)))]
        for column, width in zip(columns, widths, strict=True)
    ]
    return ["│" + "│".join(parts) + "│" for parts in zip(*padded, strict=True)]


def _fitted(cell: str, width: int, *, whole: bool) -> Iterator[str]:
    """A cell cut into lines of a width in Chinese characters; two narrow ones count as one.

    Whole names go to the next line rather than being broken.
    """
    pieces = re.findall(r"[^、]+、?", cell) if whole else list(cell)
    line = ""
    for piece in pieces:
        if line and _wide(line + piece) > 2 * width:
            yield line + " " * (2 * width - _wide(line))
            line = ""
        for ch in piece:
            if _wide(line + ch) > 2 * width:
                yield line + " " * (2 * width - _wide(line))
                line = ""
            line += ch
    yield line + " " * (2 * width - _wide(line))


def _wide(text: str) -> int:
    return sum(1 if ch.isascii() else 2 for ch in text)


def collapsed(w: Writer, grid: Table) -> str:
    """All cells in one line, parted by blanks: whose cell is whose is lost."""
    found = _with_header(w, grid)
    return " ".join([*grid.before, *(cell for row in found for cell in row if cell), *grid.after])


def glued(w: Writer, grid: Table) -> str:
    """All cells of a row one behind the other, nothing between them."""
    return _joined(["".join(row) for row in _with_header(w, grid)], grid)


FLATTENED: dict[str, Callable[[Writer, Table], str]] = {
    "tabs": tabs,
    "pipes": pipes,
    "cells": cells,
    "box": box,
}
LOST: dict[str, Callable[[Writer, Table], str]] = {
    "collapsed": collapsed,
    "glued": glued,
    "torn box": torn_box,
}
