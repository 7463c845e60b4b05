"""Render the parts of a notice's page, and keep them as long as its record is as it was."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from pipeline.web.page import fill_in, make_environment
from pipeline.web.review.item_view import Card, make_cards, number_problems
from pipeline.web.review.latest_decisions import list_decisions
from pipeline.web.review.source_view import make_blocks
from pipeline.web.spoken import translate_to

if TYPE_CHECKING:
    from pipeline.messages.language import Language
    from pipeline.web.desk import Desk
    from pipeline.web.library import NoticeView


class Reader(NamedTuple):
    """For whom a part is rendered: parts differ by language and by who may write."""

    language: Language
    is_writing: bool


def render_source(desk: Desk, view: NoticeView, reader: Reader) -> Markup:
    """Return the source of a notice with its marks."""
    key = ("source", view.notice.notice_id, view.version, reader.language)

    def make() -> str:
        blocks = make_blocks(view.notice, number_problems(view.notice))
        return _render("review/source.html", reader, blocks=blocks)

    return Markup(desk.rendered.find(key, make))  # noqa: S704 - a template has escaped it


def render_cards(desk: Desk, view: NoticeView, reader: Reader) -> Markup:
    """Return the cards of all items of a notice."""
    key = ("cards", view.notice.notice_id, view.version, *reader)

    def make() -> str:
        cards = make_cards(view, number_problems(view.notice))
        return _render("review/cards.html", reader, cards=cards)

    return Markup(desk.rendered.find(key, make))  # noqa: S704 - a template has escaped it


def render_card(card: Card, reader: Reader) -> str:
    """Return the card of one item."""
    return _render("review/cards.html", reader, cards=[card])


def render_decisions(view: NoticeView, reader: Reader) -> Markup:
    """Return the list of the latest decisions on a notice."""
    made = _render("review/decisions.html", reader, decisions=list_decisions(view))
    return Markup(made)  # noqa: S704 - a template has escaped it


def hash_text(text: str) -> str:
    """Return a short hash, by which a page knows that a part of it has changed."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _render(template: str, reader: Reader, **values: object) -> str:
    return (
        make_environment()
        .get_template(template)
        .render(
            say=partial(fill_in, reader.language),
            translate=partial(translate_to, reader.language),
            is_writing=reader.is_writing,
            **values,
        )
    )
