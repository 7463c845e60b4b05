"""Decisions on links and series: kept, found again, obeyed by diff and threads, taken back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.record_files import read_records
from pipeline.decisions.anchors import PresentAnchors
from pipeline.decisions.pair_decisions import find_pair_fits, read_pair_decisions

TITLE = "清河区{}年重点改革计划\n一、重点改革项目\n"
SCHOOL = "、建设智慧校园。新建智慧校园示范校3所。\n主办单位:区教育局。\n"
RIVER = "、整治黑臭水体。整治黑臭河道4条,推行河长巡查。\n主办单位:区水务局。\n"
FAIR = "、举办丰收节。组织农产品展销会。\n主办单位:区农业局。\n"
BUS = "、优化公交线网。开通微循环公交2条,增设站台。\n主办单位:区交通局。\n"


class Office:
    """A folder with two years of a plan and their OUTPUT, worked on by the command."""

    def __init__(self, folder: Path) -> None:
        self.sources, self.out = folder / "in", folder / "out"
        self.sources.mkdir()
        self.write(2016, SCHOOL, RIVER)
        self.write(2017, SCHOOL, BUS)

    def write(self, year: int, *items: str) -> None:
        lines = "".join(f"{n}{item}" for n, item in enumerate(items, 1))
        (self.sources / f"{year}.txt").write_text(TITLE.format(year) + lines, "utf-8")
        assert self.run("parse", self.sources, "-o", self.out) == 0

    def run(self, *args: object) -> int:
        return cli.main([str(arg) for arg in args])

    def correct(self, *args: object) -> int:
        return self.run("correct", *args, "-o", self.out, "--who", "张")

    def notice_id(self, year: int) -> str:
        return next(one.notice_id for one in read_records(self.out) if one.year == year)

    def record(self, year: int) -> Path:
        return self.out / "json" / f"{self.notice_id(year)}.json"

    def item(self, year: int, number: int) -> str:
        return f"{self.notice_id(year)}#{number}"

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.out / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def statuses(self) -> list[str]:
        fits = find_pair_fits(read_pair_decisions(self.out), PresentAnchors(read_records(self.out)))
        return [fit.status for fit in fits]

    def links(self, capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, str], bool]:
        """The links of the two years by the numbers of their items, and whether a person decided them."""
        capsys.readouterr()
        assert self.run("diff", self.record(2016), self.record(2017), "--format", "json") == 0
        made = json.loads(capsys.readouterr().out)
        return {
            (one["previous"][0].partition("#")[2], one["current"][0].partition("#")[2]): one[
                "decided"
            ]
            for one in made["links"]
        }


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_joined_pair_is_a_link_for_diff_and_threads(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.links(capsys) == {("1", "1"): False}
    assert office.correct(office.item(2016, 2), "--same", office.item(2017, 2)) == 0
    assert office.links(capsys) == {("1", "1"): False, ("2", "2"): True}
    assert "by 张 (joined)" in _say_diff(office, capsys)
    assert office.run("threads", office.out) == 0
    assert "1 decisions on links" in capsys.readouterr().err
    (step,) = (row for row in office.rows("threads") if row["item_id"] == office.item(2017, 2))
    assert (step["kind"], step["decided"], step["previous"]) == (
        "reworded", "1", office.item(2016, 2),
    )  # fmt: skip
    assert office.run("verify", office.out) == 0


def _say_diff(office: Office, capsys: pytest.CaptureFixture[str]) -> str:
    assert office.run("diff", office.record(2016), office.record(2017)) == 0
    return capsys.readouterr().err


def test_a_refused_pair_is_no_link(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.correct(office.item(2017, 1), "--different", office.item(2016, 1)) == 0
    assert office.links(capsys) == {}
    assert "(refused)" in _say_diff(office, capsys)


def test_a_confirmed_link_says_so(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.correct(office.item(2016, 1), "--same", office.item(2017, 1)) == 0
    assert office.links(capsys) == {("1", "1"): True}
    assert "(confirmed)" in _say_diff(office, capsys)


def test_the_last_decision_on_a_pair_counts(office: Office) -> None:
    one, other = office.item(2016, 1), office.item(2017, 1)
    assert office.correct(one, "--same", other) == 0
    assert office.correct(other, "--different", one, "--why", "另一事项") == 0
    (row,) = office.rows("decided_pairs")
    assert (row["one"], row["decision"], row["who"], row["why"]) == (
        other, "different", "张", "另一事项",
    )  # fmt: skip


def test_a_decision_is_taken_back(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = office.item(2016, 1), office.item(2017, 1)
    assert office.correct(one, "--different", other) == 0
    assert office.correct(other, "--undo", one) == 0
    assert office.rows("decided_pairs") == []
    assert office.links(capsys) == {("1", "1"): False}
    assert office.correct(other, "--undo", one) == 1
    assert "nothing is decided" in capsys.readouterr().err


def test_a_decision_lasts_when_the_items_move(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.correct(office.item(2016, 2), "--same", office.item(2017, 2)) == 0
    office.write(2017, FAIR, SCHOOL, BUS)
    assert office.statuses() == ["moved"]
    assert office.links(capsys)["2", "3"]
    assert office.run("corrections", office.out, "--tidy") == 0
    assert office.statuses() == ["in force"]
    (row,) = office.rows("decided_pairs")
    assert row["other"] == office.item(2017, 3)


def test_a_decision_without_its_item_is_kept_and_told(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.correct(office.item(2016, 2), "--same", office.item(2017, 2)) == 0
    office.write(2017, SCHOOL, FAIR)
    assert office.links(capsys) == {("1", "1"): False}
    assert office.run("corrections", office.out, "--json") == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert listed["status"] == "unfit"
    assert listed["reason"].endswith("any more")
    assert office.run("threads", office.out) == 0
    assert "fit nothing any more" in capsys.readouterr().err


def test_series_are_separated_and_joined(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.correct(office.notice_id(2016), "--different", office.notice_id(2017)) == 0
    assert office.run("threads", office.out) == 0
    assert "2 series" in capsys.readouterr().err
    rows = office.rows("series")
    assert len({row["series"] for row in rows}) == 2
    assert {row["decided"] for row in rows} == {"1"}
    assert office.correct(office.notice_id(2016), "--same", office.notice_id(2017)) == 0
    assert office.run("threads", office.out) == 0
    assert "1 series" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_decisions_of_a_file(office: Office, tmp_path: Path, kind: str) -> None:
    one, other = office.item(2016, 2), office.item(2017, 2)
    texts = {
        "csv": f"item_id,field,value\n{one},same,{other}\n{one},deadline,年底\n",
        "yaml": f"- item_id: {one}\n  set:\n    same: {other}\n    deadline: 年底\n",
    }
    path = tmp_path / f"decided.{kind}"
    path.write_text(texts[kind], "utf-8")
    assert office.correct("--file", path) == 0
    assert [(row["one"], row["other"]) for row in office.rows("decided_pairs")] == [(one, other)]
    assert [row["field"] for row in office.rows("corrections")] == ["deadline"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("1", "--same", "notice"), "an item and a notice"),
        (("1", "--same", "other"), "are of one notice"),
        (("1", "--same", "unknown"), "none with this id"),
        (("1", "--same", "later", "--different", "later"), "both same and different"),
        (("1", "--same", "later", "--set", "number=x"), "number is 'x'"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_told(
    office: Office, args: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {
        "1": office.item(2016, 1), "other": office.item(2016, 2), "later": office.item(2017, 1),
        "notice": office.notice_id(2017), "unknown": office.item(2017, 9),
    }  # fmt: skip
    assert office.correct(*(words.get(arg, arg) for arg in args)) == 1
    assert message in capsys.readouterr().err
    assert not (office.out / "decided_pairs.csv").exists()


def test_a_damaged_file_of_decisions_is_told_by_line(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.correct(office.item(2016, 2), "--same", office.item(2017, 2)) == 0
    path = office.out / "decided_pairs.csv"
    path.write_text(path.read_text("utf-8").replace(",same,", ",perhaps,"), "utf-8")
    assert office.run("threads", office.out) == 1
    assert "the decision is 'perhaps'" in capsys.readouterr().err
