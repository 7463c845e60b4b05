"""The page of one notice, corrections sent from it, and hostile texts on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.responses import Response

from tests.web.desk_client import root_of
from tests.web.small_desk import HEAD, PLAN, open_desk, parse

JSON = {"accept": "application/json"}


def notice_id(desk: TestClient, name: str = "haishan") -> str:
    plans = desk.app.state.library.current().plans()  # type: ignore[attr-defined]
    return next(str(one.notice_id) for one in plans if one.notice_id.startswith(name))


def send(
    desk: TestClient, notice: str, *changes: Mapping[str, object], who: str = "张三"
) -> Response:
    body = {"changes": list(changes), "who": who}
    return desk.post(f"/notices/{notice}/changes", json=body, headers=JSON)  # type: ignore[return-value]


def test_values_are_marked_in_the_source(own_desk: TestClient) -> None:
    page = own_desk.get(f"/notices/{notice_id(own_desk)}").text
    source, cards = page.split('id="cards"')
    assert re.search(r'data-v="0-leaders-0"[^>]*>李明<', source)
    assert re.search(r'data-v="0-leaders-0"[^>]*>李明<', cards)
    assert re.search(r'data-v="1-host_units-0"[^>]*>区住房和建设局<', source)
    assert re.search(r'data-v="2-deadline-0"[^>]*>7月底前<', source)
    assert 'class="source-title"' in source
    assert page.count('<article class="item') == 3


def test_the_source_is_shown_whole(own_desk: TestClient) -> None:
    page = own_desk.get(f"/notices/{notice_id(own_desk)}").text
    source = page.split('id="source"')[1].split('id="cards"')[0].partition(">")[2]
    shown = re.sub(r"<[^>]+>|\s", "", source)
    assert re.sub(r"\s", "", PLAN) in shown


def test_a_correction_is_written_and_shown(own_desk: TestClient, output: Path) -> None:
    notice = notice_id(own_desk)
    item = f"{notice}#1"
    answer = send(
        own_desk, notice, {"item_id": item, "field": "leaders", "value": "王强", "seen": "李明"}
    ).json()  # type: ignore[attr-defined]
    assert "王强" in answer["cards"][item]
    assert "王强" in (output / "corrections.csv").read_text("utf-8")
    assert "王强" in own_desk.get(f"/notices/{notice}").text
    undone = send(own_desk, notice, {"item_id": item, "field": "leaders", "is_undo": True})
    assert undone.status_code == 200
    assert "王强" not in own_desk.get(f"/notices/{notice}").text


def test_a_conflict_names_both_values_and_writes_nothing(
    own_desk: TestClient, output: Path
) -> None:
    notice = notice_id(own_desk)
    item = f"{notice}#1"
    change = {"item_id": item, "field": "leaders", "seen": "李明"}
    assert send(own_desk, notice, {**change, "value": "王强"}).status_code == 200
    kept = (output / "corrections.csv").read_bytes()
    late = send(own_desk, notice, {**change, "value": "赵六"}, who="李四")
    assert late.status_code == 409
    told = late.json()["conflicts"][0]  # type: ignore[attr-defined]
    assert (told["now"], told["yours"]) == ("王强", "赵六")
    assert (output / "corrections.csv").read_bytes() == kept


def test_items_are_split_joined_added_deleted_and_found_right(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    view = own_desk.app.state.library.current().notice(notice)  # type: ignore[attr-defined]
    cut = view.text.index("加装电梯")
    for change, count in (
        ({"item_id": f"{notice}#2", "field": "split", "value": str(cut)}, 4),
        ({"item_id": f"{notice}#1", "field": "delete"}, 3),
        ({"item_id": f"{notice}#1", "field": "delete", "is_undo": True}, 4),
        ({"item_id": f"{notice}#2", "field": "split", "is_undo": True}, 3),
        ({"item_id": f"{notice}#1", "field": "join", "value": "#2"}, 2),
        ({"item_id": f"{notice}#1", "field": "join", "is_undo": True}, 3),
    ):
        answer = send(own_desk, notice, change)
        assert answer.status_code == 200, answer.body
        page = own_desk.get(f"/notices/{notice}").text
        assert page.count('<article class="item') == count, change
    reviewed = send(own_desk, notice, {"item_id": f"{notice}#3", "field": "reviewed"})
    assert "state-reviewed" in reviewed.json()["cards"][f"{notice}#3"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "who", "status"),
    [
        ({"item_id": "other#1", "field": "title", "value": "x"}, "张", 409),
        ({"item_id": "{}#99", "field": "title", "value": "x"}, "张", 409),
        ({"item_id": "{}#1", "field": "nothing", "value": "x"}, "张", 409),
        ({"item_id": "{}#1", "field": "title", "value": ""}, "张", 409),
        ({"item_id": "{}#1", "field": "title", "value": "x"}, "  ", 409),
        ({"item_id": "{}#1", "field": "title", "value": "x", "more": 1}, "张", 422),
        ({"item_id": "{}#1", "field": "title", "value": "x" * 100_001}, "张", 422),
    ],
)
def test_what_cannot_be_written_is_refused(
    own_desk: TestClient, output: Path, change: dict[str, str], who: str, status: int
) -> None:
    notice = notice_id(own_desk)
    filled = {key: one.format(notice) if key == "item_id" else one for key, one in change.items()}
    answer = send(own_desk, notice, filled, who=who)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "remedy"}  # type: ignore[attr-defined]
    assert not (output / "corrections.csv").exists()


@pytest.mark.parametrize(
    "path", ["/notices/no-such", "/notices/..%2f..%2fetc", "/notices/no/version"]
)
def test_an_unknown_notice_is_not_found(own_desk: TestClient, path: str) -> None:
    answer = own_desk.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_a_reader_sees_no_buttons_and_may_not_write(output: Path) -> None:
    with open_desk(output, is_read_only=True) as desk:
        notice = notice_id(desk)
        page = desk.get(f"/notices/{notice}").text
        assert 'data-do="right"' not in page
        assert 'data-do="add"' not in page
        assert (
            send(desk, notice, {"item_id": f"{notice}#1", "field": "reviewed"}).status_code == 403
        )


def test_the_user_of_a_proxy_is_who_corrects(output: Path) -> None:
    with open_desk(output, proxy_user_header="x-user") as desk:
        desk.headers["x-user"] = "zhao"
        notice = notice_id(desk)
        send(desk, notice, {"item_id": f"{notice}#1", "field": "reviewed"}, who="somebody else")
        assert ",zhao," in (output / "corrections.csv").read_text("utf-8")


def test_whoever_looks_is_told_of_a_change(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    before = own_desk.get(f"/notices/{notice}/version").json()
    assert before == own_desk.get(f"/notices/{notice}/version").json()
    send(own_desk, notice, {"item_id": f"{notice}#1", "field": "reviewed"})
    assert before != own_desk.get(f"/notices/{notice}/version").json()


def buttons_of(desk: TestClient, notice: str, path: str) -> list[str]:
    """Of whom each button below an element takes back that he found it right."""
    page = desk.get(f"/notices/{notice}").text
    return texts_of(page, f'{path}//button[@data-undo="reviewed"]/@data-who')


def texts_of(page: str, path: str) -> list[str]:
    return [str(one) for one in root_of(page).xpath(path)]


def test_found_right_is_taken_back_only_of_whom_the_page_shows(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    item = f"{notice}#1"
    for item_id in (item, notice):
        send(own_desk, notice, {"item_id": item_id, "field": "reviewed", "value": "own"})
        path = f'//*[@data-item="{item_id}"]'
        assert buttons_of(own_desk, notice, path) == ["张三"]


def test_an_item_found_right_with_its_notice_is_taken_back_there(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    send(own_desk, notice, {"item_id": notice, "field": "reviewed"})
    page = own_desk.get(f"/notices/{notice}").text
    assert page.count('<article class="item state-reviewed') == 3
    assert buttons_of(own_desk, notice, '//*[@id="cards"]') == []
    assert buttons_of(own_desk, notice, '//*[@id="own"]') == ["张三"]


def test_a_correction_of_the_content_is_shown_with_who_made_it(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    item = f"{notice}#1"
    send(own_desk, notice, {"item_id": item, "field": "content", "value": "新建四个社区食堂。"})
    page = own_desk.get(f"/notices/{notice}").text
    path = f'//*[@data-item="{item}"]//*[@data-field="content"]'
    (shown,) = root_of(page).xpath(f"{path}[not(@hidden)]")
    assert "corrected" in shown.get("class")
    assert "新建四个社区食堂。" in shown.text_content()
    assert texts_of(page, f'{path}//button[@data-undo="content"]/@data-who') == ["张三"]
    assert page.count('data-field="content"') == page.count('<article class="item') == 3


def test_a_card_has_all_values_that_a_conflict_may_be_over(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    item = f"{notice}#1"
    change = {"item_id": item, "field": "reviewed", "seen": "other"}
    told = send(own_desk, notice, change).json()["conflicts"][0]  # type: ignore[attr-defined]
    page = own_desk.get(f"/notices/{notice}").text
    fields = root_of(page).xpath(f'//*[@data-item="{item}"]//*[@data-field]')
    shown = {one.get("data-field"): one.get("data-text") for one in fields}
    assert shown == told["values"]


HOSTILE = (
    HEAD
    + "1.<script>alert(1)</script>\"'><img src=x onerror=alert(2)>建设\u202e食堂\u202c三个。\n"
    + "责任单位:区<b>民政局、区财政局\n"
    + "2.建设{{ 7*7 }}食堂\u200b。\n责任单位:区民政局\n"
)


def test_a_hostile_notice_is_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "hostile.txt").write_text(HOSTILE, "utf-8")
    parse(tmp_path / "raw", tmp_path / "output")
    with open_desk(tmp_path / "output") as desk:
        notice = notice_id(desk, "hostile")
        value = "<script>alert(3)</script>\u202e区民政局"
        change = {"item_id": f"{notice}#1", "field": "host_units", "value": value}
        assert send(desk, notice, change, who="<i>x</i>").status_code == 200
        for path in (f"/notices/{notice}", "/", "/queue"):
            page = desk.get(path).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "<i>x" not in page
            # What a person edits has all characters as they are; it is not shown.
            shown = re.sub(r'data-text="[^"]*"', "", page)
            assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", shown)
        page = desk.get(f"/notices/{notice}").text
        assert 'data-code="202E"' in page
        assert "{{ 7*7 }}" in page


def test_a_line_of_a_million_characters_is_shown_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    text = HEAD + "1.建设食堂三个。责任单位:区民政局\n" + "长" * 1_000_000 + "\n"
    (tmp_path / "raw" / "long.txt").write_text(text, "utf-8")
    parse(tmp_path / "raw", tmp_path / "output")
    with open_desk(tmp_path / "output") as desk:
        page = desk.get(f"/notices/{notice_id(desk, 'long')}").text
    assert page.count("长") >= 1_000_000
    assert max(map(len, re.findall("长+", page))) <= 3_000
