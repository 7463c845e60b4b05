"""Corrections: laid over every parse, found again when the text moved, told when they no longer fit."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.batch.source_files import find_jobs
from pipeline.dataset.record_files import read_records
from pipeline.decisions.correction_file import read_corrections
from pipeline.decisions.correction_fits import find_fits
from pipeline.decisions.corrections import read_kept_corrections
from pipeline.decisions.judgements import resolve_anew
from pipeline.errors import CorrectionError
from pipeline.model import Item, Notice
from tests.cli.test_command import files
from tests.conftest import run_jobs

PLAN = """盐田区2011年重点工作计划

一、重点任务
1、建设智慧食堂。在各社区建设智慧食堂5家，方便老人就餐。
主办单位：区民政局；协办单位：区财政局、各街道办。
2、改造老旧小区。改造12个小区的管网和路灯。
主办单位：区住建局；协办单位：区财政局。
3、编制财政预算。做好核算。完成时限：6月底前。
主办单位：区财政局；协办单位：区发改局。
"""


class Office:
    """A folder with one plan and its OUTPUT, worked on by the command."""

    def __init__(self, folder: Path) -> None:
        self.document, self.out = folder / "plan.txt", folder / "out"
        self.write(PLAN)

    def write(self, text: str) -> None:
        self.document.write_text(text, "utf-8")
        assert self.run("parse", self.document, "-o", self.out) == 0

    def run(self, *args: object) -> int:
        return cli.main([str(arg) for arg in args])

    def correct(self, number: int, *args: str) -> int:
        return self.run("correct", self.item(number).item_id, "-o", self.out, "--who", "张", *args)

    @property
    def notice(self) -> Notice:
        return next(read_records(self.out))

    def item(self, number: int) -> Item:
        return next(one for one in self.notice.items if one.number == number)

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.out / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def states(self) -> dict[tuple[str, str], str]:
        fits = find_fits(read_records(self.out), read_kept_corrections(self.out))
        return {(one.correction.field, one.correction.value): one.status for one in fits}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_what_was_read_stays_and_what_holds_is_shown(office: Office) -> None:
    assert office.correct(2, "--set", "host_units=区城管局、区住建局(区建管办)", "--why", "误") == 0
    item = office.item(2)
    assert [name.name for name in item.host_units] == ["区住建局"]
    told = item.corrected[0]
    assert (told.field, told.who, told.why) == ("host_units", "张", "误")
    assert [name.name for name in told.names] == ["区城管局", "区住建局(区建管办)"]
    assert told.names[0].canonical == "盐田区城市管理局"
    row = office.rows("items")[1]
    assert (row["host_units"], row["corrected"]) == ("区城管局、区住建局(区建管办)", "host_units")
    names = [r for r in office.rows("assignments") if r["item_id"] == item.item_id]
    assert [
        (r["role"], r["name"], r["reading"], r["start"]) for r in names if r["role"] == "host"
    ] == [
        ("host", "区城管局", "corrected", ""),
        ("host", "区住建局(区建管办)", "corrected", ""),
    ]
    assert {r["canonical"] for r in office.rows("units")} >= {"盐田区城市管理局"}
    kept = office.rows("corrections")[0]
    assert (kept["read"], kept["value"]) == ("区住建局", "区城管局、区住建局(区建管办)")
    assert kept["sha256"] == office.notice.source.sha256
    assert office.run("verify", office.out) == 0


def test_laid_over_every_later_parse(office: Office) -> None:
    office.correct(2, "--set", "host_units=区城管局")
    before = files(office.out)
    assert office.run("parse", office.document, "-o", office.out, "--anew") == 0
    assert files(office.out) == before
    assert office.states() == {("host_units", "区城管局"): "in force"}


def test_found_again_when_the_text_moved(office: Office) -> None:
    office.correct(2, "--set", "host_units=区城管局")
    first = office.item(2).item_id
    office.write(
        PLAN.replace("2、改造", "3、改造").replace("3、编制", "4、编制")
        .replace("1、建设", "1、整治河道。整治两条河道。\n主办单位：区水务局；协办单位：区财政局。\n2、建设")
    )  # fmt: skip
    item = office.item(3)
    assert item.item_id != first
    assert item.title == "改造老旧小区。"
    assert [name.name for name in item.corrected[0].names] == ["区城管局"]
    assert office.states() == {("host_units", "区城管局"): "moved"}
    # A few other words in it make it no other item.
    office.write(PLAN.replace("改造12个小区", "改造15个小区"))
    assert office.item(2).corrected
    # It can be taken back by the id that it has now, and made anew.
    assert office.correct(2, "--set", "host_units=区水务局") == 0
    assert office.states() == {("host_units", "区水务局"): "in force"}
    office.write(PLAN)
    assert office.correct(2, "--undo", "host_units") == 0
    assert office.states() == {}
    assert not office.item(2).corrected
    assert office.rows("items")[1]["host_units"] == "区住建局"


def test_what_the_parser_reads_by_itself(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.correct(2, "--set", "host_units=区城管局")
    office.correct(1, "--set", "co_host_units=各街道办")
    office.write(PLAN.replace("主办单位：区住建局", "主办单位：区城管局"))
    assert not office.item(2).corrected
    assert office.states()["host_units", "区城管局"] == "read"
    capsys.readouterr()
    assert office.run("corrections", office.out, "--json") == 0
    told = {one["field"]: one["status"] for one in json.loads(capsys.readouterr().out)}
    assert told == {"host_units": "read", "co_host_units": "moved"}
    assert office.run("corrections", office.out, "--tidy") == 0
    assert office.states() == {("co_host_units", "各街道办"): "in force"}


def test_what_no_longer_fits_is_listed(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.correct(2, "--set", "host_units=区城管局")
    office.correct(3, "--set", "deadline=9月底前")
    # The document itself now names another host: nobody has corrected that.
    office.write(PLAN.replace("主办单位：区住建局", "主办单位：区水务局").split("3、编制")[0])
    assert not office.item(2).corrected
    assert office.states() == {
        ("host_units", "区城管局"): "unfit",
        ("deadline", "9月底前"): "unfit",
    }
    capsys.readouterr()
    assert office.run("corrections", office.out) == 0
    told = capsys.readouterr()
    assert "2 unfit" in told.err
    assert "区水务局" in told.out
    # They are kept: the text may come back.
    office.write(PLAN)
    assert set(office.states().values()) == {"in force"}


def test_fields_of_every_kind(office: Office) -> None:
    notice_id = office.notice.notice_id
    assert office.run("correct", notice_id, "-o", office.out, "--set", "year=2012") == 0
    assert office.correct(3, "--set", "deadline=9月底前", "--set", "path=一、要事 / 财政") == 0
    assert office.correct(1, "--set", "leaders=王宏彬, 林电雄", "--set", "co_host_units=") == 0
    rows = office.rows("items")
    assert {row["year"] for row in rows} == {"2012"}
    assert (rows[2]["deadline"], rows[2]["due"], rows[2]["path"]) == (
        "9月底前", "2012-09-30", "一、要事 / 财政",
    )  # fmt: skip
    assert (rows[0]["leaders"], rows[0]["co_host_units"]) == ("王宏彬、林电雄", "")
    assert office.rows("notices")[0]["corrected"] == "year"
    assert office.notice.year == 2011
    assert {row["name"] for row in office.rows("leaders")} == {"王宏彬", "林电雄"}
    assert office.run("verify", office.out) == 0


@pytest.mark.parametrize("kind", ["yaml", "csv"])
def test_files_of_corrections(office: Office, tmp_path: Path, kind: str) -> None:
    one, two = office.item(1).item_id, office.item(2).item_id
    path = tmp_path / f"c.{kind}"
    if kind == "yaml":
        path.write_text(
            f'- item_id: {one}\n  set:\n    host_units: [区城管局, "区住建局(区建管办)"]\n'
            f"    deadline: 2011-09-30\n  who: 张\n  when: 2024-06-30\n  why: 原文有误\n"
            f'- item_id: "{two}"\n  field: title\n  value: "=改造"\n  who: 李\n',
            "utf-8",
        )
    else:
        path.write_text(
            "item_id,field,value,who,when,why\n"
            f"{one},host_units,区城管局、区住建局(区建管办),张,2024-06-30,原文有误\n"
            f"{one},deadline,2011-09-30,张,2024-06-30,原文有误\n{two},title,'=改造,李,,\n",
            "utf-8-sig",
        )
    assert office.run("correct", "--file", path, "-o", office.out, "--when", "2024-07-01") == 0
    told = {(o.anchor.item_id, o.field): o for o in read_kept_corrections(office.out)}
    assert told[one, "host_units"].value == "区城管局、区住建局(区建管办)"
    assert told[one, "host_units"][3:6] == ("张", "2024-06-30", "原文有误")
    assert told[one, "deadline"].value == "2011-09-30"
    assert (told[two, "title"].value, told[two, "title"].when) == ("=改造", "2024-07-01")
    assert told[two, "title"].anchor.words
    assert office.rows("items")[1]["title"] == "'=改造"
    assert b",'=" in (office.out / "corrections.csv").read_bytes()


def test_what_cannot_be_is_refused(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item_id = office.item(1).item_id
    before = files(office.out)
    for args, fact in (
        ((item_id, "--set", "nothing=x"), "has no field 'nothing' to correct; one of title"),
        ((item_id, "--set", "title="), "title cannot be empty"),
        ((f"{item_id}9", "--set", "title=x"), "none with this id; see items.csv"),
        (("nowhere#1", "--set", "title=x"), "has this id; see notices.csv"),
        (("../x#1", "--set", "title=x"), "has this id; see notices.csv"),
        ((office.notice.notice_id, "--set", "year=20111"), "year is '20111'; write a number"),
        ((office.notice.notice_id, "--set", "issued_on=7.22"), "write a day such as"),
        ((item_id, "--set", "number=" + "9" * 5000), "write a number"),
        ((item_id, "--set", "title=x", "--when", "昨天"), "write a day such as"),
        ((item_id, "--undo", "title"), "title is not corrected"),
    ):
        capsys.readouterr()
        assert office.run("correct", *args, "-o", office.out) == 1
        assert fact in capsys.readouterr().err
    assert office.run("correct", item_id, "-o", office.out) == 2
    assert office.run("correct", item_id, "-o", office.out, "--set", "title") == 2
    for name, text, fact in (
        ("a.csv", "a,b\n1,2\n", "the header is"),
        ("b.csv", f"item_id,field,value,who\n{item_id},year,2011,x\n", "b.csv line 2: .*no field"),
        ("c.yaml", "a: [", "is no YAML"),
        ("d.yaml", "a: 1", "is no list of corrections"),
        ("e.yaml", "- 1", "e.yaml entry 1: is no mapping"),
        ("f.yaml", "- item_id: x\n  set: 1", "set is no mapping"),
        ("g.yaml", f"- item_id: {item_id}\n  set: {{host_units: [{{a: b}}]}}", "no plain value"),
        ("h.yaml", "[" * 5000, "is no YAML"),
        ("i.csv", f"item_id,field,value\n{item_id},title,a\n{item_id},title,b\n", "twice"),
        ("j.csv", f"item_id,field,value,when\n{item_id},title,a,昨天\n", "write a day"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        with pytest.raises(CorrectionError, match=fact):
            read_corrections(tmp_path / name)
    assert files(office.out) == before


def test_a_comparison_and_a_list_take_what_holds(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.correct(2, "--set", "host_units=区城管局")
    record = next((office.out / "json").iterdir())
    later = tmp_path / "later.txt"
    later.write_text(
        PLAN.replace("2011年", "2012年").replace("主办单位：区住建局", "主办单位：区城管局"),
        "utf-8",
    )
    capsys.readouterr()
    assert office.run("diff", record, later, "--format", "json") == 0
    links = json.loads(capsys.readouterr().out)["links"]
    assert not any(c["field"] == "host_units" for link in links for c in link["changes"])
    assert office.run("names", office.out, "--csv") == 0
    assert "区城管局" in capsys.readouterr().out


def test_judgements_hold_for_corrected_names(office: Office, tmp_path: Path) -> None:
    office.correct(2, "--set", "host_units=区某某局")
    decisions = tmp_path / "j.csv"
    decisions.write_text(
        "place,name,body,decision,who,why\n,区某某局,盐田区城市管理局,same,张,\n", "utf-8"
    )
    assert office.run("names", office.out, "--judge", decisions) == 0
    rows = [row for row in office.rows("assignments") if row["name"] == "区某某局"]
    assert [row["canonical"] for row in rows] == ["盐田区城市管理局"]
    assert office.run("verify", office.out) == 0
    assert office.run("parse", office.document, "-o", office.out, "--anew") == 0
    assert rows == [row for row in office.rows("assignments") if row["name"] == "区某某局"]


def center(*streets: str) -> str:
    """A plan of items that differ in one word."""
    items = (
        f"{n}、建设{street}街道社区服务中心。\n主办单位：区民政局；协办单位：{street}街道办。\n"
        for n, street in enumerate(streets, 1)
    )
    return "盐田区2011年重点工作计划\n\n一、重点任务\n" + "".join(items)


def test_a_neighbour_that_is_merely_alike_gets_nothing(office: Office) -> None:
    office.write(center("沙头角", "海山", "梅沙"))
    office.correct(1, "--set", "host_units=沙头角街道办")
    office.write(center("海山"))
    assert not office.item(1).corrected
    assert office.states() == {("host_units", "沙头角街道办"): "unfit"}
    office.write(center("盐田", "沙头角"))
    assert [name.name for name in office.item(2).corrected[0].names] == ["沙头角街道办"]


def test_of_items_with_the_same_words_the_same_one(office: Office) -> None:
    same = "、召开会议。\n主办单位：区民政局；协办单位：区财政局。\n"
    head = "盐田区2011年重点工作计划\n\n一、重点任务\n"
    office.write(head + "".join(f"{n}{same}" for n in (1, 2, 3)))
    for n in (1, 2, 3):
        office.correct(n, "--set", f"deadline={n}月底前")
    above = "1、建设食堂。\n主办单位：区城管局。\n"
    office.write(head + above + "".join(f"{n}{same}" for n in (2, 3, 4)))
    due = [item.corrected and item.corrected[0].value for item in office.notice.items]
    assert due == [(), "1月底前", "2月底前", "3月底前"]
    # Where one of them is gone nobody can tell which.
    office.write(head + above + "".join(f"{n}{same}" for n in (2, 3)))
    assert not any(item.corrected for item in office.notice.items)
    assert set(office.states().values()) == {"unfit"}


def test_another_plan_in_its_place_gets_nothing(office: Office) -> None:
    notice_id = office.notice.notice_id
    office.run("correct", notice_id, "-o", office.out, "--set", "document_number=深盐办〔2011〕1号")
    office.write(PLAN.replace("盐田区2011年", "龙岗区2015年"))
    assert not office.notice.corrected
    assert set(office.states().values()) == {"unfit"}
    office.write(PLAN.replace("5家", "6家"))
    assert office.notice.corrected


def test_two_copies_are_corrected_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "2011.txt").write_text(PLAN, "utf-8")
    out = tmp_path / "out"
    assert cli.main(["parse", str(tmp_path / "in"), "-o", str(out)]) == 0
    ids = [one.notice_id for one in read_records(out)]
    for notice_id, region in zip(ids, ("罗湖区", "福田区"), strict=True):
        assert cli.main(["correct", notice_id, "-o", str(out), "--set", f"region={region}"]) == 0
    for again in ((), ("--anew",)):
        assert cli.main(["parse", str(tmp_path / "in"), "-o", str(out), *again]) == 0
        told = [one.corrected[0].value for one in read_records(out)]
        assert told == ["罗湖区", "福田区"]
    # One of them moves, and takes along what was made for it.
    (tmp_path / "in" / "c").mkdir()
    (tmp_path / "in" / "b" / "2011.txt").rename(tmp_path / "in" / "c" / "2011.txt")
    assert cli.main(["parse", str(tmp_path / "in"), "-o", str(out)]) == 0
    assert [len(one.corrected) for one in read_records(out)] == [1, 0]
    (tmp_path / "in" / "a" / "2011.txt").unlink()
    assert cli.main(["parse", str(tmp_path / "in"), "-o", str(out)]) == 0


def test_a_very_long_item_can_be_corrected(office: Office) -> None:
    office.write(PLAN.replace("方便老人就餐", "方便" * 80_000))
    assert office.correct(1, "--set", "title=食堂", "--set", "content=" + "长" * 140_000) == 0
    assert office.run("verify", office.out) == 0
    assert office.run("corrections", office.out) == 0
    assert office.correct(1, "--undo", "content") == 0
    assert len((office.out / "corrections.csv").read_text("utf-8")) < 4000


def test_leaders_with_posts(office: Office) -> None:
    office.write(PLAN.replace("主办单位：区民政局", "牵头领导：副区长李明；主办单位：区民政局"))
    office.correct(2, "--set", "leaders=李明、区长王强")
    told = [(name.name, name.post) for name in office.item(2).corrected[0].names]
    assert told == [("李明", "副区长"), ("王强", "区长")]
    rows = {row["leader"]: row["items"] for row in office.rows("leaders")}
    assert {key.split("、")[-1]: count for key, count in rows.items()} == {
        "副区长)": "2", "区长)": "1",
    }  # fmt: skip
    office.write(PLAN.replace("主办单位：区住建局", "牵头领导：李明、王强；主办单位：区住建局"))
    assert office.states()["leaders", "李明、区长王强"] == "read"


def test_a_list_that_goes_on(office: Office) -> None:
    office.correct(
        2, "--set", "host_units=区财政局、区民政局等部门", "--set", "co_host_units=高等学校"
    )
    told = {one.field: [name.name for name in one.names] for one in office.item(2).corrected}
    assert told == {"host_units": ["区财政局", "区民政局"], "co_host_units": ["高等学校"]}


def test_a_judgement_that_is_withdrawn_is_gone(office: Office, tmp_path: Path) -> None:
    before = {p.name: p.read_bytes() for p in office.out.rglob("*.csv")}
    decisions = tmp_path / "j.csv"
    decisions.write_text(
        "place,name,body,decision,who,why\n,区住建局,盐田区城市管理局,same,张,\n", "utf-8"
    )
    assert office.run("names", office.out, "--judge", decisions) == 0
    assert "盐田区城市管理局" in (office.out / "units.csv").read_text("utf-8")
    (office.out / "judgements.csv").unlink()
    assert office.correct(1, "--set", "deadline=9月底前") == 0
    assert office.correct(1, "--undo", "deadline") == 0
    (office.out / "corrections.csv").unlink()
    assert {p.name: p.read_bytes() for p in office.out.rglob("*.csv")} == before


def test_resolving_anew_is_what_parsing_does(corpus: Path) -> None:
    outcomes = run_jobs(find_jobs([corpus]).jobs)
    for notice in (one.notice for one in outcomes if one.notice):
        assert resolve_anew(notice) == notice
