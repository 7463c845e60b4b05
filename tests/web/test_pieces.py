"""A part of a page is rendered again only where it is another than the last time."""

from __future__ import annotations

from fastapi.testclient import TestClient

from pipeline.messages.language import Language
from pipeline.web.desk import Desk
from pipeline.web.library.remembered import Remembered
from pipeline.web.review.pieces import Pieces
from pipeline.web.review.shown_notice import Reader, render_cards, render_source
from tests.web.test_notice import notice_id, send


def test_pieces_as_they_were_are_kept() -> None:
    asked: list[str] = []

    def render(one: str) -> str:
        asked.append(one)
        return f"<{one}>"

    pieces: Pieces[str] = Pieces()
    assert pieces.render(["a", "b", "c"], render) == ["<a>", "<b>", "<c>"]
    assert pieces.render(["a", "x", "c", "d"], render) == ["<a>", "<x>", "<c>", "<d>"]
    assert pieces.render(["c"], render) == ["<c>"]
    assert pieces.render([], render) == []
    assert asked == ["a", "b", "c", "x", "d", "c"]


def _desk(client: TestClient) -> Desk:
    desk: Desk = client.app.state.desk  # type: ignore[attr-defined]
    return desk


def _render(desk: Desk, notice: str, readers: list[Reader]) -> list[str]:
    view = desk.library.current().notice(notice)
    return [render_source(desk, view, one) + render_cards(desk, view, one) for one in readers]


def _render_anew(desk: Desk, notice: str, readers: list[Reader]) -> list[str]:
    kept = desk.rendered, desk.pieces
    desk.rendered, desk.pieces = Remembered(32), Remembered(32)
    made = _render(desk, notice, readers)
    desk.rendered, desk.pieces = kept
    return made


def test_a_page_of_kept_pieces_is_that_of_new_ones(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    desk = _desk(own_desk)
    changes: tuple[dict[str, object], ...] = (
        {"item_id": f"{notice}#2", "field": "leaders", "value": "王强"},
        {"item_id": f"{notice}#1", "field": "reviewed"},
        {"item_id": f"{notice}#2", "field": "leaders", "is_undo": True},
        {"item_id": f"{notice}#1", "field": "delete"},
    )
    languages: tuple[Language, ...] = ("zh", "en")
    readers = [Reader(one, is_writing) for one in languages for is_writing in (True, False)]
    before = _render(desk, notice, readers)
    # They differ by language and by right.
    assert len(set(before)) == 4
    for change in changes:
        assert send(own_desk, notice, change).status_code == 200
        after = _render(desk, notice, readers)
        assert after == _render_anew(desk, notice, readers)
        assert all(one != other for one, other in zip(before, after, strict=True))
        before = after


def test_only_the_changed_card_is_rendered_again(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    desk = _desk(own_desk)
    reader = Reader("zh", is_writing=True)
    key = ("review/cards.html", notice, *reader)
    render_cards(desk, desk.library.current().notice(notice), reader)
    before = list(desk.pieces.find(key, Pieces)._latest)
    change = {"item_id": f"{notice}#2", "field": "leaders", "value": "王强"}
    assert send(own_desk, notice, change).status_code == 200
    page = render_cards(desk, desk.library.current().notice(notice), reader)
    after = desk.pieces.find(key, Pieces)._latest
    assert [a is b for a, b in zip(before, after, strict=True)] == [True, False, True]
    assert "王强" in after[1][1]
    assert page == "".join(text for _, text in after)
