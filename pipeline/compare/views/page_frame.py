"""Render a page as one file that loads nothing and runs no other style or script than its own."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.compare.views.overview_tables import Cell, OverviewTable


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a card on the same page."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page; a cell is a text or links, whose number is shown where it `is_counted`."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | tuple[Reference, ...], ...], ...]
    note: str = ""
    is_counted: bool = False


def link_table(table: OverviewTable, anchors: Mapping[int, str]) -> Table:
    """The table with the numbers of cards as links to them; `anchors` are the cards' by number."""
    rows = tuple(tuple(_link_cell(cell, anchors) for cell in row) for row in table.rows)
    return Table(table.title, table.heads, rows, table.note, table.is_counted)


def _link_cell(cell: Cell, anchors: Mapping[int, str]) -> str | tuple[Reference, ...]:
    if isinstance(cell, str):
        return cell
    return tuple(Reference(anchors[number], str(number)) for number in cell)


def render_page(template: str, **values: object) -> str:
    """The page of a template that extends `page.html`; all values are escaped.

    The page's policy names the hashes of its style and script, so that no other script runs even
    where one came in.
    """
    style, script = _read_part("page.css"), _read_part("page.js")
    return (
        _environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            style_hash=hash_source(style),
            script_hash=hash_source(script),
            **values,
        )
    )


def hash_source(text: str) -> str:
    """The hash of a style or script as a Content-Security-Policy names it: sha256-…."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.compare.views"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def _read_part(name: str) -> str:
    loader = PackageLoader("pipeline.compare.views")
    return loader.get_source(_environment(), name)[0]
