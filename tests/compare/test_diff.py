"""Two plans compared: kinds, changes, names that moved or were renamed, warnings, the views."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_csv import to_csv
from pipeline.compare.views.as_json import to_json
from pipeline.compare.views.as_markdown import to_markdown
from pipeline.compare.views.as_text import to_text
from pipeline.compare.views.comparison_page import to_page
from pipeline.comparison import Change, Comparison
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from tests.conftest import ROOT, source
from tests.plans.years import Task, two_years, written

HEAD = "关于印发清河区{y}年重点改革计划的通知\n清河区{y}年重点改革计划\n一、重点改革项目\n"
OLD = """1、加快社会组织培育。完善登记制度,新增社会组织8个,增长8%。
牵头区领导:王宏彬;
主办单位:区民政局;
协办单位:区财政局、区卫生局。
2、建设智慧校园。到2016年底建成5所。
牵头区领导:李建明;
主办单位:区教育局。
3、整治黑臭水体。整治河道5条。
主办单位:区水务局。
"""
NEW = """1、建设智慧校园。到2017年底建成5所
牵头区领导:李建明;
主办单位:区教育局。
2、新建口袋公园。新建公园10个。
主办单位:区城管局。
3、加快社会组织培育。完善登记制度,新增社会组织8个,增长10%。
牵头区领导:陈晓东;
主办单位:区财政局;
协办单位:区民政局、区卫计局。
"""


def notice(text: str, name: str) -> Notice:
    return parse_notice(source(text), name)


@pytest.fixture
def years() -> tuple[Notice, Notice]:
    return notice(HEAD.format(y=2016) + OLD, "a"), notice(HEAD.format(y=2017) + NEW, "b")


def changes(comparison: Comparison, current: str) -> dict[str, Change]:
    link = next(one for one in comparison.links if current in one.current)
    return {change.field: change for change in link.changes}


def test_what_became_of_every_item(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    assert [(link.previous, link.current, link.kind) for link in made.links] == [
        (("a#2",), ("b#1",), "same"),
        (("a#1",), ("b#3",), "reworded"),
    ]
    assert (made.dropped, made.added) == (("a#3",), ("b#2",))
    assert made.relation == "series"
    assert not made.warnings
    assert "基本不变1项，改写1项，取消1项，新增1项" in made.summary.zh
    assert "1 unchanged, 1 reworded, 1 dropped, 1 added" in made.summary.en


def test_changes_of_a_link(years: tuple[Notice, Notice]) -> None:
    found = changes(diff_notices(*years), "b#3")
    assert (found["number"].before, found["number"].after) == (1, 3)
    assert (found["leaders"].lost, found["leaders"].gained) == (("王宏彬",), ("陈晓东",))
    figures = [(one.about, one.before, one.after) for one in found["content"].figures]
    assert figures == [("增长", "8%", "10%")]
    words = found["content"].words
    assert [one.text for one in words if one.fate == "removed"] == ["8%"]
    assert [one.text for one in words if one.fate == "added"] == ["10%"]
    assert "".join(one.text for one in words if one.fate != "added") == found["content"].before


def test_a_move_between_roles_is_told_once_where_it_came_to(years: tuple[Notice, Notice]) -> None:
    found = changes(diff_notices(*years), "b#3")
    moves = [(m.name, m.before, m.after) for m in found["host_units"].moved]
    assert moves == [("区财政局", "co_host_units", "host_units")]
    assert not found["host_units"].gained
    assert not found["host_units"].lost
    back = [(m.name, m.before, m.after) for m in found["co_host_units"].moved]
    assert back == [("区民政局", "host_units", "co_host_units")]


def test_a_renamed_body_is_a_rename(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    link = next(one for one in made.links if "b#3" in one.current)
    assert [(one.before, one.after) for one in link.renames] == [("区卫生局", "区卫计局")]
    assert made.counts["renamed"] == 1


def test_the_same_item_only_moved_changes_its_number(years: tuple[Notice, Notice]) -> None:
    assert set(changes(diff_notices(*years), "b#1")) == {"number"}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("建成5所。", "建成5所", "same"),
        ("进一步完善制度。", "完善制度。", "same"),
        ("到2016年底完成。", "到2017年底完成。", "same"),
        ("到2016年底完成。", "到2018年底完成。", "reworded"),
        ("建成5所。", "建成6所。", "reworded"),
        ("增长5.5%。", "增长55%。", "reworded"),
    ],
)
def test_trifles(before: str, after: str, kind: str) -> None:
    plan = "1、建设智慧校园,推进教育信息化。{}\n主办单位:区教育局。\n2、整治河道。\n主办单位:区水务局。\n"
    one = notice(HEAD.format(y=2016) + plan.format(before), "a")
    two = notice(HEAD.format(y=2017) + plan.format(after), "b")
    assert diff_notices(one, two).links[0].kind == kind


def test_every_item_stands_in_one_place() -> None:
    made = two_years(11, 40, 0.6)
    one, two = notice(written(made.previous, 2016), "a"), notice(written(made.current, 2017), "b")
    found = diff_notices(one, two)
    before = [i for link in found.links for i in link.previous] + list(found.dropped)
    after = [i for link in found.links for i in link.current] + list(found.added)
    assert sorted(before) == sorted(item.item_id for item in one.items)
    assert sorted(after) == sorted(item.item_id for item in two.items)


def test_kinds_of_generated_years() -> None:
    right = wrong = 0
    for seed in range(4):
        made = two_years(seed, 40, 0.5)
        one, two = (
            notice(written(tasks, year), name)
            for tasks, year, name in ((made.previous, 2016, "a"), (made.current, 2017, "b"))
        )
        assert [len(one.items), len(two.items)] == [len(made.previous), len(made.current)]
        for link in diff_notices(one, two).links:
            for edge in link.evidence:
                pair = tuple(int(i.split("#")[1]) - 1 for i in (edge.previous, edge.current))
                if pair in made.edges:
                    right += made.edges[pair] == link.kind
                    wrong += made.edges[pair] != link.kind
    assert right / (right + wrong) >= 0.95


def test_a_renumbered_plan_of_24_items_has_its_three_changes() -> None:
    """One item comes in above the others, one is reworded, one changes its host."""
    tasks = two_years(24, 24, 0.0).previous
    new = Task("推广智慧路灯", ("在主干道安装智慧路灯200盏",), 1, "王宏彬", ("区城管局",))
    first, second = tasks[12], tasks[20]
    later = [
        *tasks[:8],
        new,
        *tasks[8:12],
        Task(first.title, (*first.sentences, "每半年公布一次进展"), first.section, first.leader, first.hosts, first.co_hosts),
        *tasks[13:20],
        Task(second.title, second.sentences, second.section, second.leader, ("区体育局",), second.co_hosts),
        *tasks[21:],
    ]  # fmt: skip
    one, two = notice(written(tasks, 2016), "a"), notice(written(later, 2017), "b")
    made = diff_notices(one, two)
    assert made.dropped == ()
    assert len(made.added) == 1
    assert [link.kind for link in made.links].count("reworded") == 1
    assert made.counts["same"] == 23
    assert {
        change.field for link in made.links for change in link.changes if link.kind == "same"
    } == {"number", "host_units"}
    assert made.counts["host_units"] == 1


def test_the_same_file_twice(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(years[0], years[0])
    assert {link.kind for link in made.links} == {"same"}
    assert not any(link.changes for link in made.links)
    assert made.relation == "same file"
    assert made.warnings


def test_a_year_without_items_is_told(years: tuple[Notice, Notice]) -> None:
    empty = notice("清河区2017年工作简报\n一切顺利。\n", "empty")
    made = diff_notices(years[0], empty)
    assert len(made.dropped) == 3
    assert any("holds no items" in warning for warning in made.warnings)
    assert len(diff_notices(empty, years[1]).added) == 3


def test_plans_of_different_bodies_are_compared_with_a_warning(
    years: tuple[Notice, Notice],
) -> None:
    text = (HEAD.format(y=2017) + NEW).replace("清河区", "东湖区")
    made = diff_notices(years[0], notice(text, "b"))
    assert made.relation == "other"
    assert any("different bodies" in warning for warning in made.warnings)
    assert len(made.links) == 2


def test_plans_of_different_families_are_compared_with_a_warning(
    years: tuple[Notice, Notice],
) -> None:
    text = (HEAD.format(y=2017) + NEW).replace("重点改革计划", "民生实事项目")
    made = diff_notices(years[0], notice(text, "b"))
    assert any("different kinds of plan" in warning for warning in made.warnings)


def test_two_versions_of_one_plan(years: tuple[Notice, Notice]) -> None:
    text = (HEAD.format(y=2016) + OLD).replace("新增社会组织8个", "新增社会组织18个")
    made = diff_notices(years[0], notice(text, "c"))
    assert made.relation == "same plan"
    assert [link.kind for link in made.links].count("reworded") == 1
    assert "两个版本" in made.summary.zh


def test_the_wrong_order_is_told(years: tuple[Notice, Notice]) -> None:
    assert any("wrong order" in one for one in diff_notices(years[1], years[0]).warnings)


# The views


def test_json_is_the_comparison(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    assert Comparison.model_validate_json(to_json(made)) == made
    told = json.loads(to_json(made))
    assert {"previous", "current", "links", "dropped", "added"} <= told.keys()
    assert {"previous", "current", "kind", "score", "changes"} <= told["links"][0].keys()


def test_csv_has_a_row_a_change(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    rows = list(csv.DictReader(io.StringIO(to_csv(made).removeprefix("\ufeff"))))
    many = sum(len(link.changes) + len(link.renames) for link in made.links)
    assert len(rows) == many + len(made.dropped) + len(made.added)
    host = next(row for row in rows if row["field"] == "host_units")
    assert host["moved"] == "区财政局: co_host_units -> host_units"


def test_text_marks_words_and_colours_only_on_demand(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    plain, painted = to_text(made, *years), to_text(made, *years, colour=True)
    assert "增长[-8%-]{+10%+}" in plain
    assert "区财政局由协办改任主办" in plain
    assert "区卫生局 → 区卫计局" in plain
    assert "\033[" not in plain
    assert "\033[" in painted


def test_markdown_shows_every_kind(years: tuple[Notice, Notice]) -> None:
    told = to_markdown(diff_notices(*years), *years)
    assert "增长<del>8%</del><ins>10%</ins>" in told
    for section in ("## 不变（1）", "## 改写（1）", "## 新增（1）", "## 取消（1）"):
        assert section in told


def test_the_page_is_whole_and_asks_for_nothing(years: tuple[Notice, Notice]) -> None:
    page = to_page(diff_notices(*years), *years)
    assert not re.search(r"(?:src|href)=|https?:|@import|url\(", page)
    assert page.count("<article") == 4
    assert "增长<del>8%</del>" in page
    assert "增长<ins>10%</ins>" in page
    for kind in ("same", "reworded", "added", "dropped"):
        assert f'data-kind="{kind}"' in page
    assert '<option value="区财政局">' in page


def test_the_page_escapes_what_a_plan_says() -> None:
    text = HEAD.format(y=2016) + OLD.replace("智慧校园", "<script>alert(1)</script>'\"&校园")
    one, two = notice(text, "a"), notice(HEAD.format(y=2017) + NEW, "b")
    page = to_page(diff_notices(one, two), one, two)
    assert "<script>alert" not in page


@pytest.mark.skipif(
    not shutil.which("chromium") and not os.environ.get("CI"),
    reason="needs a chromium on this machine",
)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_in_a_browser(years: tuple[Notice, Notice], tmp_path: Path, width: int) -> None:
    """The filters work under the page's own policy, and nothing is wider than the window."""
    page = to_page(diff_notices(*years), *years)
    probe = """
    var form=document.forms[0],told=[document.querySelector('output').textContent];
    function set(name,value){form[name].value=value;
    form.dispatchEvent(new Event('input'));told.push(document.querySelector('output').textContent)}
    set('unit','区教育局');set('unit','');set('words','口袋公园');set('words','');set('field','leaders');
    told.push(document.documentElement.scrollWidth<=window.innerWidth);
    document.title=told.join('|').replace(/显示 | 组/g,'');
    """
    path = tmp_path / "page.html"
    path.write_text(page.replace("</body>", f"<script>{probe}</script></body>"), "utf-8")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}",
    ]
    done = subprocess.run(
        [*command, f"--window-size={width},900", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert "<title>4 / 4|1 / 4|4 / 4|1 / 4|4 / 4|1 / 4|true</title>" in done.stdout


# The command


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    one, two = tmp_path / "2016.txt", tmp_path / "2017.txt"
    one.write_text(HEAD.format(y=2016) + OLD, "utf-8")
    two.write_text(HEAD.format(y=2017) + NEW, "utf-8")
    return str(one), str(two)


@pytest.mark.parametrize("kind", ["text", "json", "csv", "html", "md"])
def test_the_command_prints_each_format(
    files: tuple[str, str], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *files, "--format", kind]) == 0
    out = capsys.readouterr().out
    assert "口袋公园" in out or kind in ("json", "csv")
    assert "\033[" not in out


def test_a_document_and_a_record_compare_alike(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parse", files[0], "-o", str(tmp_path / "out")]) == 0
    record = next((tmp_path / "out" / "json").glob("*.json"))
    capsys.readouterr()
    main(["diff", str(record), files[1], "--format", "json"])
    by_record = capsys.readouterr().out
    main(["diff", *files, "--format", "json"])
    assert capsys.readouterr().out == by_record


def test_a_file_that_is_none_is_told(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", files[0], str(tmp_path / "nothing.txt")]) == 1
    broken = tmp_path / "broken.json"
    broken.write_text("{}", "utf-8")
    assert main(["diff", str(broken), files[1]]) == 1
    assert "is no record" in capsys.readouterr().err


def test_the_command_writes_a_file(files: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert main(["diff", *files, "--format", "html", "-o", str(path)]) == 0
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_help_does_not_load_the_heavy_parts() -> None:
    code = "import sys; from pipeline.cli.arguments import make_parser; make_parser(); print([m for m in ('numpy','scipy','jieba','rapidfuzz','pandas','pydantic') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_schema_of_a_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--comparison"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Comparison"
