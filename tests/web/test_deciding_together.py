"""Several people at one notice, and other runs on its OUTPUT: conflicts, undo, waiting, closing, news."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from filelock import FileLock

from pipeline.dataset.edited_items import is_own_reviewed, reviewed_ids
from pipeline.dataset.output_lock import LOCK
from pipeline.dataset.record_files import read_records
from pipeline.decisions.changes import Author, Change
from pipeline.decisions.corrections import read_kept_corrections
from pipeline.decisions.pair_decisions import read_pair_decisions
from pipeline.errors import StoreError
from pipeline.web.library import Library
from pipeline.web.library.followed_output import FollowedOutput
from pipeline.web.library.request_error import ClosingError
from pipeline.web.review import latest_decisions, news
from pipeline.web.review.writer import Writer
from pipeline.web.waiting import Waiting
from pipeline.web.years.deciding import decide_pairs
from tests.web.browsing import serve_desk
from tests.web.small_desk import open_desk, parse
from tests.web.test_notice import JSON, notice_id, send

BY = Author("张三", "2024-06-30")


@contextmanager
def other_run(output: Path) -> Iterator[None]:
    """Hold the lock of an OUTPUT, as a run that parses does."""
    with FileLock(output / LOCK):
        yield


def seen(desk: TestClient, item: str) -> str:
    """What a person who finds an item right, or the notice itself, has seen on the page."""
    page = desk.get(f"/notices/{item.partition('#')[0]}").text
    found = re.search(f'data-item="{re.escape(item)}"[^>]* data-seen="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_found_right_conflicts_where_another_field_was_corrected(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    item = f"{notice}#1"
    right = {"item_id": item, "field": "reviewed", "seen": seen(own_desk, item)}
    send(own_desk, notice, {"item_id": item, "field": "leaders", "value": "王强"}, who="李四")
    late = send(own_desk, notice, right)
    assert late.status_code == 409
    told = late.json()["conflicts"][0]  # type: ignore[attr-defined]
    assert told["values"]["leaders"] == "王强"
    assert told["now"] == seen(own_desk, item)
    # What is there now, seen, may be found right; so may another item of the same notice.
    assert send(own_desk, notice, {**right, "seen": told["now"]}).status_code == 200
    other = f"{notice}#2"
    fresh = {"item_id": other, "field": "reviewed", "seen": seen(own_desk, other)}
    assert send(own_desk, notice, fresh).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "另一个标题"),
        ("document_number", "海府办〔2025〕4号"),
        ("issuing_body", "海山区政府"),
        ("region", "海山区"),
        ("year", "2025"),
        ("year_end", "2026"),
        ("issued_on", "2024-03-01"),
    ],
)
def test_a_notice_is_corrected_on_its_page(own_desk: TestClient, field: str, value: str) -> None:
    notice = notice_id(own_desk)
    change = {"item_id": notice, "field": field, "value": value}
    assert send(own_desk, notice, change).json()["is_edit"] is True  # type: ignore[attr-defined]
    own = own_desk.get(f"/notices/{notice}").text.split('id="own"')[1].split("</section>")[0]
    shown = re.search(f'data-field="{field}" data-text="([^"]*)"(.*?)</dd>', own, re.DOTALL)
    assert shown
    assert shown[1] == value
    assert "张三" in shown[2]
    late = send(own_desk, notice, {**change, "value": "x", "seen": "else"}, who="李四")
    assert late.status_code == 409
    undo = {"item_id": notice, "field": field, "is_undo": True, "seen_who": "张三"}
    assert send(own_desk, notice, undo).status_code == 200


@pytest.fixture
def doubtful_notice(tmp_path: Path) -> Path:
    """An OUTPUT whose notice has a problem of no item, and one item."""
    (tmp_path / "raw").mkdir()
    text = "文号:201919号\n1.新建三个社区食堂。\n责任单位:区民政局\n"
    (tmp_path / "raw" / "plan.txt").write_text(text, "utf-8")
    parse(tmp_path / "raw", tmp_path / "output")
    (one,) = read_records(tmp_path / "output")
    assert [it for it in one.problems if it.item_id is None and it.severity != "info"]
    return tmp_path / "output"


def test_the_notices_own_problems_are_marked_as_checked(doubtful_notice: Path) -> None:
    with open_desk(doubtful_notice) as desk:
        library = desk.app.state.library  # type: ignore[attr-defined]
        (plan,) = library.current().plans()
        notice, before = plan.notice_id, plan.doubts
        assert 'id="doubtful-notices"' in desk.get("/queue").text
        right = {"item_id": notice, "field": "reviewed", "value": "own"}
        assert send(desk, notice, {**right, "seen": seen(desk, notice)}).status_code == 200
        (record,) = read_records(doubtful_notice)
        assert is_own_reviewed(record)
        # Nobody said that its items are right.
        assert reviewed_ids(record) == frozenset()
        assert library.current().plans()[0].doubts == before - 1
        assert library.current().plans()[0].reviewed == 0
        assert 'id="doubtful-notices"' not in desk.get("/queue").text
        undo = {"item_id": notice, "field": "reviewed", "is_undo": True}
        assert send(desk, notice, undo).status_code == 200
        assert library.current().plans()[0].doubts == before


def test_decisions_are_listed_and_taken_back_unless_somebody_decided_since(
    own_desk: TestClient, output: Path
) -> None:
    notice = notice_id(own_desk)
    item = f"{notice}#1"
    send(own_desk, notice, {"item_id": item, "field": "leaders", "value": "王强"})
    send(own_desk, notice, {"item_id": f"{notice}#2", "field": "reviewed"})
    send(own_desk, notice, {"item_id": f"{notice}#3", "field": "delete"})
    page = own_desk.get(f"/notices/{notice}").text
    listed = re.findall('<li data-item="([^"]+)" data-kind="([^"]+)" data-who="张三"', page)
    assert sorted(listed) == [
        (item, "leaders"),
        (f"{notice}#2", "reviewed"),
        (f"{notice}#3", "delete"),
    ]
    # The same value, but somebody else's decision by now.
    send(own_desk, notice, {"item_id": item, "field": "leaders", "value": "王强"}, who="李四")
    undo = {"is_undo": True, "seen_who": "张三"}
    late = send(own_desk, notice, {"item_id": item, "field": "leaders", "seen": "王强", **undo})
    assert late.status_code == 409
    assert late.json()["conflicts"][0]["now_who"] == "李四"  # type: ignore[attr-defined]
    for one, field in ((f"{notice}#2", "reviewed"), (f"{notice}#3", "delete")):
        assert (
            send(own_desk, notice, {"item_id": one, "field": field, **undo}).status_code == 200
        ), one
        again = send(own_desk, notice, {"item_id": one, "field": field, **undo})
        assert again.status_code == 409
    assert [one.who for one in read_kept_corrections(output)] == ["李四"]


def test_an_answer_has_the_cards_that_others_changed(own_desk: TestClient) -> None:
    notice = notice_id(own_desk)
    version = own_desk.get(f"/notices/{notice}/version").json()["version"]
    own_desk.get(f"/notices/{notice}")
    send(own_desk, notice, {"item_id": f"{notice}#1", "field": "leaders", "value": "王强"})
    body = {
        "changes": [{"item_id": f"{notice}#2", "field": "reviewed"}],
        "who": "李四",
        "version": version,
    }
    answer = own_desk.post(f"/notices/{notice}/changes", json=body, headers=JSON).json()
    assert set(answer["cards"]) == {f"{notice}#1", f"{notice}#2"}


def test_readers_are_answered_while_many_wait_for_another_run(output: Path) -> None:
    with serve_desk(output) as address:
        reader = httpx.Client(base_url=address, headers=JSON, timeout=60)
        notice = next(iter(read_records(output))).notice_id

        def correct(n: int) -> int:
            change = {"item_id": f"{notice}#{n % 3 + 1}", "field": "leaders", "value": f"王{n}"}
            body = {"changes": [change], "who": f"第{n}人"}
            path = f"{address}/notices/{notice}/changes"
            return httpx.post(path, json=body, headers=JSON, timeout=120).status_code

        with ThreadPoolExecutor(60) as people:
            with other_run(output):
                sent = [people.submit(correct, n) for n in range(60)]
                wait_until(lambda: is_waiting(reader, notice))
                # More than the server has threads for.
                for path in ("/", f"/notices/{notice}", "/queue", "/api/v1/items"):
                    assert reader.get(path).status_code == 200
                assert not any(one.done() for one in sent)
            assert [one.result() for one in sent] == [200] * 60
        assert not is_waiting(reader, notice)
        reader.close()
    assert len(read_kept_corrections(output)) == 3


def is_waiting(reader: httpx.Client, notice: str) -> bool:
    return bool(reader.get(f"/notices/{notice}/version").json()["is_waiting"])


def wait_until(is_so: object, seconds: float = 60) -> None:
    assert callable(is_so)
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_whoever_waits_when_the_desk_is_closed_is_told_that_nothing_is_written(
    output: Path,
) -> None:
    item = next(iter(read_records(output))).items[0].item_id
    one = Writer(output, lambda: None)
    with other_run(output):
        waiting: list[Future[Any]] = [
            one.submit([Change(item, "leaders", f"王{n}")], BY) for n in range(30)
        ]
        waiting.append(one.submit_job(lambda wait: lock_only(output, wait)))
        wait_until(lambda: one.is_waiting)
        one.close()
        for each in waiting:
            with pytest.raises(ClosingError, match="this was not written"):
                each.result(timeout=0)
        with pytest.raises(ClosingError):
            one.write([Change(item, "leaders", "王强")], BY)
    assert read_kept_corrections(output) == []


def lock_only(output: Path, waiting: Waiting) -> list[object]:
    with waiting.lock(output):
        return []


def test_decisions_of_all_pages_are_written_one_after_the_other(output: Path) -> None:
    """Pairs, corrections and other pieces of work at once: none fails, none is lost."""
    one, other = sorted(read_records(output), key=lambda record: record.notice_id)
    pairs = [(a.item_id, b.item_id) for a, b in zip(one.items, other.items, strict=False)]
    writer = Writer(output, lambda: None)
    made: list[Future[Any]] = []
    for n, pair in enumerate(pairs):
        made.append(writer.submit([Change(pair[0], "leaders", f"王{n}")], BY))
        made.append(
            writer.submit_job(
                lambda waiting, pair=pair: decide_pairs(  # type: ignore[misc]
                    output, [pair], "different", BY, waiting
                )
            )
        )
    for each in made:
        each.result(timeout=120)
    writer.close()
    assert len(read_kept_corrections(output)) == len(pairs)
    assert len(read_pair_decisions(output)) == len(pairs)


def read_news(address: str, notice: str, heard: list[str], is_open: threading.Event) -> None:
    with httpx.stream("GET", f"{address}/notices/{notice}/news", timeout=60) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        # A proxy that gathers an answer before it passes it on would hold events back.
        assert answer.headers["x-accel-buffering"] == "no"
        for line in answer.iter_lines():
            if line.startswith("data: "):
                heard.append(json.loads(line.removeprefix("data: "))["version"])
                is_open.set()


def test_a_page_is_told_of_a_change_by_events(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "MOST_STREAMS", 1)
    heard: list[str] = []
    is_open = threading.Event()
    with serve_desk(output) as address:
        notice = next(iter(read_records(output))).notice_id
        assert httpx.get(f"{address}/notices/none/news", headers=JSON).status_code == 404
        args = (address, notice, heard, is_open)
        stream = threading.Thread(target=read_news, args=args, daemon=True)
        stream.start()
        assert is_open.wait(30)
        assert httpx.get(f"{address}/notices/{notice}/news", headers=JSON).status_code == 503
        change = {"item_id": f"{notice}#1", "field": "leaders", "value": "王强"}
        body = {"changes": [change], "who": "李四"}
        said = httpx.post(f"{address}/notices/{notice}/changes", json=body, headers=JSON).json()
        wait_until(lambda: heard[-1] == said["version"])
        assert len(heard) == 2
    stream.join(30)
    assert not stream.is_alive()


def test_pages_are_told_on_after_an_unforeseen_failure(
    own_desk: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(news, "_LOOK_SECONDS", 0.01)
    library = own_desk.app.state.library  # type: ignore[attr-defined]
    current = library.current
    looks: list[int] = []

    def look() -> object:
        looks.append(len(looks))
        if len(looks) < 4:
            raise MemoryError
        return current()

    monkeypatch.setattr(library, "current", look)

    async def hear() -> str:
        stream = news.News(library).follow("none")
        try:
            return str(await asyncio.wait_for(anext(stream), 30))
        finally:
            await stream.aclose()  # type: ignore[attr-defined]

    monkeypatch.setattr(news.News, "_version_of", lambda *_: "now")
    assert "now" in asyncio.run(hear())
    assert len(caplog.records) == 1


def test_what_a_notice_lacks_is_no_value(own_desk: TestClient) -> None:
    page = own_desk.get(f"/notices/{notice_id(own_desk)}").text
    assert re.search('data-field="issuing_body" data-text=""', page)
    # Nobody has decided anything.
    assert re.search('<details class="general" id="decisions" hidden>', page)


@pytest.mark.parametrize(
    ("step", "is_shown"), [((Library, "_look"), False), ((FollowedOutput, "follow"), True)]
)
def test_what_is_written_is_no_failure_where_the_page_cannot_be_brought_up_to_date(
    own_desk: TestClient,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[type, str],
    *,
    is_shown: bool,
) -> None:
    notice = notice_id(own_desk)

    def fail(*_: object) -> None:
        raise StoreError(output, "database or disk is full", "free some space")

    change = {"item_id": f"{notice}#1", "field": "leaders", "value": "王强"}
    with monkeypatch.context() as broken:
        broken.setattr(*step, fail)
        answer = send(own_desk, notice, change)
        assert answer.status_code == 200
        assert answer.json()["is_edit"] is not is_shown  # type: ignore[attr-defined]
        # The lists cannot be shown, and say why.
        assert own_desk.get("/queue").status_code == 409
    assert [one.value for one in read_kept_corrections(output)] == ["王强"]
    assert "王强" in own_desk.get(f"/notices/{notice}").text


def test_of_many_decisions_the_latest_are_listed_in_short_and_all_are_counted(
    own_desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latest_decisions, "_MOST", 2)
    notice = notice_id(own_desk)
    fields = (("1", "content"), ("2", "content"), ("2", "title"))
    changes = [
        {"item_id": f"{notice}#{n}", "field": field, "value": "长" * 5000} for n, field in fields
    ]
    send(own_desk, notice, *changes, {"item_id": f"{notice}#3", "field": "delete"})
    page = own_desk.get(f"/notices/{notice}?lang=en").text
    listed = page.split('<details class="general" id="decisions"')[1].split("</details>")[0]
    assert "Latest decisions: 3 of 4<" in listed
    listed_fields = re.findall('data-kind="([^"]+)"', listed)
    assert len(listed_fields) == 3
    assert "delete" in listed_fields
    assert len(listed) < 5000
