"""Render the parts of a notice's page, and keep them for as long as they are as they were."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from markupsafe import Markup

from pipeline.web.page import fill_in, make_environment
from pipeline.web.review.item_view import FIELD_MESSAGES, make_cards, number_problems
from pipeline.web.review.latest_decisions import list_decisions
from pipeline.web.review.pieces import Pieces
from pipeline.web.review.source_view import make_blocks
from pipeline.web.spoken import translate_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.messages.language import Language
    from pipeline.web.desk import Desk
    from pipeline.web.library import NoticeView
    from pipeline.web.review.item_view import Card
    from pipeline.web.review.source_view import Block

# The templates of the parts.
PARTS = _SOURCE, _CARDS = "review/source.html", "review/cards.html"
# So many paragraphs of a source are a stretch.
_STRETCH = 20
_Piece = TypeVar("_Piece")


class Reader(NamedTuple):
    """For whom a part is rendered: parts differ by language and by who may write."""

    language: Language
    is_writing: bool


def render_source(desk: Desk, view: NoticeView, reader: Reader) -> Markup:
    """Return the source of a notice with its marks."""

    def make() -> Iterable[Block]:
        return make_blocks(view.notice, number_problems(view.notice))

    part = (_SOURCE, view.notice.notice_id, reader.language)
    find_macro = partial(_macro, _SOURCE, reader)
    return _render_pieces(desk, part, view.version, make, find_macro, _join_in_stretches)


def render_cards(desk: Desk, view: NoticeView, reader: Reader) -> Markup:
    """Return the cards of all items of a notice."""

    def make() -> Iterable[Card]:
        return make_cards(view, number_problems(view.notice))

    part = (_CARDS, view.notice.notice_id, *reader)
    return _render_pieces(desk, part, view.version, make, partial(_macro, _CARDS, reader), "".join)


def render_card(card: Card, reader: Reader) -> Markup:
    """Return the card of one item."""
    return Markup(_macro(_CARDS, reader)(card))  # noqa: S704 - a template has escaped it


def render_decisions(view: NoticeView, reader: Reader) -> Markup:
    """Return the list of the latest decisions on a notice."""
    template = make_environment().get_template("review/decisions.html")
    made = template.render(_values_for(reader), decisions=list_decisions(view))
    return Markup(made)  # noqa: S704 - a template has escaped it


def hash_text(text: str) -> str:
    """Return a short hash, by which a page knows that a part of it has changed."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _join_in_stretches(blocks: list[str]) -> str:
    """Join blocks in stretches, of which a browser lays out only those that are in sight."""
    parts = (blocks[n : n + _STRETCH] for n in range(0, len(blocks), _STRETCH))
    return "".join(f'<div class="stretch">{"".join(one)}</div>' for one in parts)


def _render_pieces(
    desk: Desk,
    part: tuple[str | bool, ...],
    version: str,
    make: Callable[[], Iterable[_Piece]],
    find_macro: Callable[[], Callable[[_Piece], str]],
    join: Callable[[list[str]], str],
) -> Markup:
    """Return a part of a page as it is kept, or render those of its pieces that have changed."""

    def render() -> str:
        return join(desk.pieces.find(part, Pieces).render(make(), find_macro()))

    # A template has escaped it.
    return Markup(desk.rendered.find((*part, version), render))  # noqa: S704


def _values_for(reader: Reader) -> dict[str, object]:
    return {
        "say": partial(fill_in, reader.language),
        "translate": partial(translate_to, reader.language),
        "is_writing": reader.is_writing,
    }


def _macro(template: str, reader: Reader) -> Callable[[object], str]:
    """Return the macro `show` of a template, for a reader."""
    labels = {one: fill_in(reader.language, one) for one in FIELD_MESSAGES.values()}
    values = {**_values_for(reader), "labels": labels}
    module = make_environment().get_template(template).make_module(values)
    show: Callable[[object], str] = module.show  # type: ignore[attr-defined]
    return show
