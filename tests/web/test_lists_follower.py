"""Lists follow the corrections of others in a moment, and one's own at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.errors import StoreError
from pipeline.web.library import ItemFilter, Library
from pipeline.web.library import library as library_module
from pipeline.web.lists_follower import ListsFollower
from tests.web.desk_client import ADDRESS, downloaded, open_desk
from tests.web.outputs import run

_PATIENCE = 20.0


def wait_until(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_lists_are_loaded_soon_and_a_failure_ends_nothing(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(library_module, "_LATE_SECONDS", 1000)
    library = Library(output, tmp_path / "cache")
    item_id = library.current().items(ItemFilter()).rows[0].item_id
    follower = ListsFollower(library)
    faults = [StoreError(output, "database or disk is full", "free some space"), ValueError()]
    load = Library.load_lists

    def fail_first(own: Library) -> None:
        if faults:
            raise faults.pop(0)
        load(own)

    monkeypatch.setattr(Library, "load_lists", fail_first)
    run("correct", item_id, "--set", "leaders=王强", "-o", output, "--who", "张")
    now = library.refresh()
    for left in (1, 0):
        follower.tell()
        assert wait_until(lambda left=left: len(faults) == left)  # type: ignore[misc]
    follower.tell()
    assert wait_until(lambda: library.listed() is now)
    assert [one.message for one in caplog.records] == ["lists cannot be brought up to date"]
    follower.end()
    follower.tell()
    library.close()


def test_whoever_corrects_sees_it_in_the_next_list(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "_LATE_SECONDS", 1000)
    # Nothing is loaded but for whoever has to have it.
    monkeypatch.setattr(ListsFollower, "tell", lambda _: None)
    own = open_desk(output, tmp_path / "cache")
    other = TestClient(own.app, base_url=ADDRESS)
    found = "/search?leader=王强&format=csv"
    assert len(downloaded(own.get(found).content)) == 0
    item_id = downloaded(own.get("/search?format=csv").content)[0]["item_id"]
    notice_id = item_id.partition("#")[0]
    change = {"item_id": item_id, "field": "leaders", "value": "王强"}
    answer = own.post(f"/notices/{notice_id}/changes", json={"changes": [change], "who": "张三"})
    assert answer.status_code == 200
    assert len(downloaded(other.get(found).content)) == 0
    assert len(downloaded(own.get(found).content)) == 1
    # Now it is there for everybody.
    assert len(downloaded(other.get(found).content)) == 1
    own.cookies.set("fengong-wrote", "-3")
    assert own.get("/queue").status_code == 200
