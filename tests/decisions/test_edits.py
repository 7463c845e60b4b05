"""Whole items edited by people: split, joined, added, deleted, found right; kept over later parses."""

from __future__ import annotations

import contextlib
import csv
import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.edited_items import is_reviewed, open_problems, reviewed_ids
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_records
from pipeline.decisions.changes import NEW_ITEM, Author, Change, apply_changes
from pipeline.decisions.correction_fits import find_fits
from pipeline.decisions.corrections import read_kept_corrections
from pipeline.errors import CorrectionError
from pipeline.ledger.content import gather
from pipeline.model import Item, Notice
from tests.cli.test_command import files

PLAN = """盐田区2011年重点工作计划

一、重点任务
1、建设智慧食堂。在各社区建设智慧食堂5家。改造老旧管网，6月底前完成20公里。
牵头区领导：王强；主办单位：区民政局；协办单位：区财政局、各街道办。
2、改造老旧小区。改造12个小区的管网和路灯。
主办单位：区住建局；协办单位：区财政局。
3、编制财政预算。做好核算。
主办单位：区财政局；协办单位：区发改局、区住建局。
二、工作要求
各部门要建立台账，每月报送进展。
"""
BY = Author("张", "2024-06-30", "看过原文")


class Desk:
    """A folder with one plan and its OUTPUT, corrected by the function that a server calls."""

    document, out = Path("plan.txt"), Path("out")

    def write(self, text: str) -> None:
        self.document.write_text(text, "utf-8")
        assert self.run("parse", self.document, "-o", self.out) == 0

    def run(self, *args: object) -> int:
        return cli.main([str(arg) for arg in args])

    def edit(self, item_id: str, field: str, value: str = "") -> list[str]:
        """The ids of the items that an edit makes."""
        return apply_changes(self.out, [Change(item_id, field, value)], BY).made[0].made_ids

    @property
    def notice(self) -> Notice:
        return next(read_records(self.out))

    @property
    def items(self) -> Sequence[Item]:
        return in_force(self.notice).items

    def item_id(self, number: int) -> str:
        return f"{self.notice.notice_id}#{number}"

    def status(self) -> list[tuple[str, str]]:
        fits = find_fits([self.notice], read_kept_corrections(self.out))
        return [(fit.correction.field, fit.status) for fit in fits]

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.out / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plan and its OUTPUT, by relative paths, to be copied."""
    folder = tmp_path_factory.mktemp("parsed")
    with contextlib.chdir(folder):
        Desk().write(PLAN)
    return folder


@pytest.fixture
def desk(parsed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    shutil.copytree(parsed, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Desk()


def hosts(item: Item) -> list[str]:
    return [name.name for name in item.host_units]


def test_a_split_item(desk: Desk) -> None:
    ids = desk.edit(desk.item_id(1), "split", "改造老旧管网")
    first, second = desk.items[:2]
    assert [first.item_id, second.item_id] == ids
    assert (first.label, first.number) == ("1、", 1)
    assert (second.label, second.number) == (None, None)
    assert first.content == "建设智慧食堂。在各社区建设智慧食堂5家。"
    assert second.content == "改造老旧管网，6月底前完成20公里。"
    assert second.title == "改造老旧管网，6月底前完成20公里。"
    # The clauses below are said of the whole item.
    for piece in (first, second):
        assert hosts(piece) == ["区民政局"]
        assert [name.name for name in piece.leaders] == ["王强"]
    text = desk.notice.source.text
    assert text[second.span.start : second.span.end].startswith("改造老旧管网")
    assert first.span.end <= second.span.start
    # The record keeps the item as it was read beside the new ones.
    assert [item.number for item in desk.notice.items] == [1, 2, 3]
    assert [row["item_id"] for row in desk.rows("items")] == [one.item_id for one in desk.items]
    assert desk.rows("items")[0]["corrected"] == "split"
    assert desk.run("verify", desk.out) == 0


def test_values_printed_in_a_piece_are_of_that_piece(desk: Desk) -> None:
    desk.write(PLAN.replace("智慧食堂5家。", "智慧食堂5家（区教育局负责）。"))
    before = desk.items[0]
    assert "区教育局" in hosts(before)
    desk.edit(desk.item_id(1), "split", "改造老旧管网")
    first, second = desk.items[:2]
    assert "区教育局" in hosts(first)
    assert "区教育局" not in hosts(second)


def test_a_correction_goes_on_to_the_pieces(desk: Desk) -> None:
    desk.edit(desk.item_id(1), "host_units", "区水务局")
    ids = desk.edit(desk.item_id(1), "split", "改造老旧管网")
    assert [hosts(one) for one in desk.items[:2]] == [["区水务局"], ["区水务局"]]
    desk.edit(ids[1], "host_units", "区教育局")
    assert [hosts(one) for one in desk.items[:2]] == [["区水务局"], ["区教育局"]]
    assert desk.run("verify", desk.out) == 0


def test_a_correction_of_a_piece_is_not_one_of_the_whole(desk: Desk) -> None:
    made = desk.edit(desk.item_id(1), "split", "改造老旧管网")
    desk.edit(made[0], "host_units", "区住建局")
    apply_changes(desk.out, [Change(desk.item_id(1), "split", is_undo=True)], BY)
    assert desk.status() == [("host_units", "unfit")]
    assert hosts(desk.items[0]) == ["区民政局"]


def test_a_corrected_deadline_goes_on_to_the_joined_item(desk: Desk) -> None:
    desk.edit(desk.item_id(3), "deadline", "12月底前")
    desk.edit(desk.item_id(2), "join", desk.item_id(3))
    joined = desk.items[1]
    assert joined.deadline
    assert joined.deadline.text == "12月底前"


def test_a_file_of_edits_can_be_given_again(desk: Desk, tmp_path: Path) -> None:
    desk.edit(desk.item_id(1), "split", "改造老旧管网")
    kept = shutil.copy(desk.out / "corrections.csv", tmp_path / "kept.csv")
    before = files(desk.out)
    assert desk.run("correct", "-o", desk.out, "--file", kept) == 0
    assert files(desk.out) == before


def test_a_split_of_a_piece(desk: Desk) -> None:
    ids = desk.edit(desk.item_id(1), "split", "改造老旧管网")
    more = desk.edit(ids[0], "split", "在各社区")
    assert [one.item_id for one in desk.items[:3]] == [*more, ids[1]]
    assert [one.content for one in desk.items[:2]] == [
        "建设智慧食堂。",
        "在各社区建设智慧食堂5家。",
    ]
    # Without the first split the second waits, kept and listed.
    apply_changes(desk.out, [Change(desk.item_id(1), "split", is_undo=True)], BY)
    assert len(desk.items) == 3
    assert desk.status() == [("split", "unfit")]
    assert desk.edit(desk.item_id(1), "split", "改造老旧管网") == ids
    assert [one.item_id for one in desk.items[:3]] == [*more, ids[1]]


def test_joined_items(desk: Desk) -> None:
    desk.edit(desk.item_id(3), "host_units", "区审计局")
    (joined,) = desk.edit(desk.item_id(2), "join", desk.item_id(3))
    one = desk.items[1]
    assert one.item_id == joined
    assert one.content == "改造老旧小区。改造12个小区的管网和路灯。\n编制财政预算。做好核算。"
    assert hosts(one) == ["区住建局", "区审计局"]
    assert (one.title, one.number) == ("改造老旧小区。", 2)
    assert len(desk.items) == 2
    assert desk.run("verify", desk.out) == 0


def test_only_neighbours_are_joined(desk: Desk) -> None:
    with pytest.raises(CorrectionError, match="#2 is between the items"):
        desk.edit(desk.item_id(1), "join", desk.item_id(3))


def test_an_added_item_with_its_fields(desk: Desk) -> None:
    notice_id = desk.notice.notice_id
    words = "各部门要建立台账，每月报送进展。"
    added = [Change(notice_id, "add", words), Change(NEW_ITEM, "host_units", "区督查室")]
    (notice,) = apply_changes(desk.out, added, BY).notices
    last = in_force(notice).items[-1]
    assert (last.title, last.path, hosts(last)) == (words, ("重点任务",), ["区督查室"])
    assert last.plan_title == "盐田区2011年重点工作计划"
    assert desk.rows("items")[-1]["corrected"] == "add、host_units"
    assert any(row["names"] == "区督查室" for row in desk.rows("units"))
    with pytest.raises(CorrectionError, match="has these words"):
        desk.edit(notice_id, "add", "每月报送进展")
    apply_changes(desk.out, [Change(last.item_id, "add", is_undo=True)], BY)
    assert len(desk.items) == 3


def test_a_deleted_item(desk: Desk) -> None:
    before = files(desk.out)
    desk.edit(desk.item_id(2), "delete")
    assert [one.number for one in desk.items] == [1, 3]
    assert all(row["item_id"] != desk.item_id(2) for row in desk.rows("assignments"))
    with pytest.raises(CorrectionError, match="a person edited it: delete"):
        desk.edit(desk.item_id(2), "title", "新题")
    apply_changes(desk.out, [Change(desk.item_id(2), "delete", is_undo=True)], BY)
    after = files(desk.out)
    tables = [name for name in before if name.endswith(("items.csv", "units.csv"))]
    records = [name for name in before if name.startswith("json/")]
    assert all(after[name] == before[name] for name in (*tables, *records))


def test_measures_of_a_deleted_item_stay(desk: Desk) -> None:
    measures = "\n牵头区领导：王强。\n（1）建设养老中心。主办单位：区民政局。\n（2）建设托育中心。主办单位：区教育局。"
    desk.write(
        PLAN.replace("路灯。\n主办单位：区住建局；协办单位：区财政局。", f"路灯。{measures}")
    )
    parent = next(one for one in desk.items if one.number == 2 and not one.parent_id)
    below = [one for one in desk.items if one.parent_id == parent.item_id]
    assert len(below) == 2
    desk.edit(parent.item_id, "delete")
    assert [one.parent_id for one in desk.items if one.title in {it.title for it in below}] == [
        None
    ] * 2
    assert desk.run("verify", desk.out) == 0


def test_found_right_until_the_text_changes(desk: Desk) -> None:
    desk.edit(desk.item_id(2), "reviewed")
    assert reviewed_ids(desk.notice) == {desk.item_id(2)}
    # A person's own correction does not change what was read.
    desk.edit(desk.item_id(2), "title", "改造小区")
    assert reviewed_ids(desk.notice) == {desk.item_id(2)}
    desk.write(PLAN.replace("协办单位：区财政局。", "协办单位：区审计局。"))
    assert reviewed_ids(desk.notice) == frozenset()
    assert ("reviewed", "unfit") in desk.status()


def test_problems_of_what_was_found_right_are_not_open(desk: Desk) -> None:
    desk.write(PLAN.replace("主办单位：区财政局；协办单位：区发改局、区住建局。\n", ""))
    problems = open_problems(desk.notice)
    assert desk.item_id(3) in {one.item_id for one in problems}
    desk.edit(desk.item_id(3), "reviewed")
    assert desk.item_id(3) not in {one.item_id for one in open_problems(desk.notice)}
    desk.edit(desk.notice.notice_id, "reviewed")
    assert is_reviewed(desk.notice)
    assert open_problems(desk.notice) == ()
    assert desk.notice.problems


def test_problems_go_to_the_new_items(desk: Desk) -> None:
    desk.write(PLAN.replace("主办单位：区财政局；协办单位：区发改局、区住建局。\n", ""))
    codes = [row["code"] for row in desk.rows("problems") if row["item_id"] == desk.item_id(3)]
    ids = desk.edit(desk.item_id(3), "split", "做好核算")
    moved = [row for row in desk.rows("problems") if row["item_id"] in ids]
    assert [row["code"] for row in moved] == codes != []
    assert desk.run("verify", desk.out) == 0


MOVED = PLAN.replace("一、重点任务", "为做好今年工作，制定本计划。\n\n一、重点任务")


def test_edits_are_found_again_when_the_source_moves(desk: Desk) -> None:
    split = desk.edit(desk.item_id(1), "split", "改造老旧管网")
    desk.edit(split[1], "host_units", "区水务局")
    (joined,) = desk.edit(desk.item_id(2), "join", desk.item_id(3))
    (added,) = desk.edit(desk.notice.notice_id, "add", "各部门要建立台账，每月报送进展。")
    before, own = desk.items, [one.partition("#")[2] for one in (*split, joined, added)]
    desk.write(MOVED)
    assert [one.item_id.partition("#")[2] for one in desk.items] == own
    assert [one.content for one in desk.items] == [one.content for one in before]
    assert hosts(desk.items[1]) == ["区水务局"]
    assert {status for _, status in desk.status()} <= {"in force", "moved"}
    assert desk.run("verify", desk.out) == 0


def test_edits_that_fit_no_more_are_listed_and_kept(desk: Desk) -> None:
    desk.edit(desk.item_id(1), "split", "改造老旧管网")
    desk.edit(desk.item_id(2), "delete")
    desk.edit(desk.notice.notice_id, "add", "各部门要建立台账，每月报送进展。")
    kept = read_kept_corrections(desk.out)
    other = PLAN.replace("改造老旧管网，6月底前完成20公里", "开办老年大学").replace(
        "12个小区", "城中村"
    )
    desk.write(other.replace("各部门要建立台账", "各单位要报告情况"))
    assert len(desk.items) == 3
    assert [status for _, status in desk.status()] == ["unfit"] * 3
    assert read_kept_corrections(desk.out) == kept
    desk.write(PLAN)
    assert len(desk.items) == 4
    assert [status for _, status in desk.status()] == ["in force"] * 3


def test_what_the_source_says_by_itself_now(desk: Desk) -> None:
    desk.edit(desk.item_id(1), "split", "改造老旧管网")
    desk.edit(desk.notice.notice_id, "add", "各部门要建立台账，每月报送进展。")
    text = PLAN.replace("5家。改造", "5家。\n主办单位：区民政局。\n2、改造").replace(
        "2、改造老旧小区", "3、改造老旧小区"
    )
    text = (
        text.replace("3、编制", "4、编制")
        .replace("各部门", "5、各部门")
        .replace("进展。", "进展。\n主办单位：区督查室。")
    )
    desk.write(text)
    assert len(desk.items) == 5
    assert [status for _, status in desk.status()] == ["read", "read"]
    assert desk.run("corrections", desk.out, "--tidy") == 0
    assert read_kept_corrections(desk.out) == []
    assert len(desk.items) == 5


def test_words_must_be_there_once(desk: Desk) -> None:
    with pytest.raises(CorrectionError, match="is 2 times in the text"):
        desk.edit(desk.item_id(1), "split", "智慧食堂")
    with pytest.raises(CorrectionError, match="no words of the item's content"):
        desk.edit(desk.item_id(1), "split", "主办单位")
    assert not read_kept_corrections(desk.out)


def test_changes_are_written_together_or_not_at_all(desk: Desk) -> None:
    before = files(desk.out)
    wrong = [Change(desk.item_id(1), "delete"), Change(desk.item_id(2), "split", "没有的")]
    with pytest.raises(CorrectionError):
        apply_changes(desk.out, wrong, BY)
    with pytest.raises(CorrectionError, match="#1: a person edited it"):
        apply_changes(desk.out, [wrong[0], Change(desk.item_id(1), "split", "改造老旧管网")], BY)
    assert files(desk.out) == before


def test_another_value_than_the_one_seen_is_a_conflict(desk: Desk) -> None:
    item_id = desk.item_id(2)
    seen = Change(item_id, "host_units", "区水务局", seen="区住建局")
    assert not apply_changes(desk.out, [seen], BY).conflicts
    before = files(desk.out)
    late = [Change(item_id, "title", "新题"), seen._replace(value="区教育局")]
    (conflict,) = apply_changes(desk.out, late, BY).conflicts
    assert (conflict.change.seen, conflict.now) == ("区住建局", "区水务局")
    assert files(desk.out) == before
    content = desk.items[1].content
    assert not apply_changes(desk.out, [Change(item_id, "delete", seen=content)], BY).conflicts
    (gone,) = apply_changes(desk.out, [seen], BY).conflicts
    assert gone.now is None


def test_a_new_item_needs_an_edit_before_it(desk: Desk) -> None:
    with pytest.raises(CorrectionError, match="no change before it makes an item"):
        apply_changes(desk.out, [Change(NEW_ITEM, "title", "x")], BY)


def test_views_show_the_items_in_force(desk: Desk, tmp_path: Path) -> None:
    ids = desk.edit(desk.item_id(1), "split", "改造老旧管网")
    desk.edit(desk.item_id(2), "delete")
    desk.edit(ids[0], "reviewed")
    shown = [*ids, desk.item_id(3)]
    entries = gather([desk.notice]).entries
    assert [entry.item_id for entry in entries] == shown
    assert entries[0].cells["corrected"] == "拆分"
    store = tmp_path / "plans.sqlite"
    assert desk.run("load", desk.out, "--store", store) == 0
    with closing(sqlite3.connect(store)) as database:
        loaded = database.execute("select item_id from items order by id desc").fetchall()
        edits = database.execute('select field, item_id, "read" from corrections').fetchall()
    assert [one for (one,) in loaded] == shown
    assert ("delete", None, "改造老旧小区。") in edits
    assert ("reviewed", ids[0], None) in edits
    assert (
        desk.run("export", desk.out, "-o", tmp_path / "all", "--to", "jsonl", "--to", "parquet")
        == 0
    )
    lines = (tmp_path / "all" / "jsonl" / "items.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["item_id"] for line in lines] == shown


def test_a_ledger_of_edited_items_comes_back(desk: Desk, tmp_path: Path) -> None:
    desk.edit(desk.item_id(1), "split", "改造老旧管网")
    book = tmp_path / "ledger.xlsx"
    assert desk.run("export", desk.out, "-o", book, "--to", "xlsx") == 0
    assert desk.run("ledger", "read", book, "-o", desk.out) == 0


def test_an_edit_of_what_an_edit_made_is_taken_back_alone(desk: Desk) -> None:
    """The id of a piece that is split again means the second split, and the one who made that."""
    second = Author("乙", "2024-07-01")
    pieces = desk.edit(desk.item_id(1), "split", "改造老旧管网")
    again = Change(pieces[1], "split", "6月底前")
    apply_changes(desk.out, [again], second)
    undo = again._replace(value="", is_undo=True)
    (conflict,) = apply_changes(desk.out, [undo._replace(seen_who=BY.who)], second).conflicts
    assert conflict.now_who == "乙"
    assert not apply_changes(desk.out, [undo._replace(seen_who="乙")], second).conflicts
    assert [one.item_id for one in desk.items[:2]] == pieces
    # The piece is in force again, and its id means the split that made it.
    assert not apply_changes(desk.out, [undo._replace(seen_who=BY.who)], second).conflicts
    assert read_kept_corrections(desk.out) == []


def test_a_join_is_taken_back_by_the_first_of_its_items(desk: Desk) -> None:
    (joined,) = desk.edit(desk.item_id(3), "join", desk.item_id(2))
    desk.edit(joined, "join", desk.item_id(1))
    assert len(desk.items) == 1
    for first, count in ((desk.item_id(1), 2), (desk.item_id(2), 3)):
        undo = Change(first, "join", is_undo=True, seen_who=BY.who)
        assert not apply_changes(desk.out, [undo], BY).conflicts
        assert len(desk.items) == count
