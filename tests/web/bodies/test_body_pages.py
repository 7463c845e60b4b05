"""The pages of bodies and leaders show the counts that were made by hand, in both languages."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from fastapi.testclient import TestClient

from pipeline.dataset.record_files import read_records
from pipeline.decisions.anchors import anchor_of
from pipeline.ledger.progress import WrittenCell, write_progress
from tests.web.bodies.small_plans import CIVIL, EDUCATION, FINANCE, HOUSING, URBAN
from tests.web.desk_client import downloaded, first_table, open_desk, root_of, table, texts

PLACE = "广东省深圳市盐田区"


@pytest.fixture(scope="module")
def desk(small_output: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with open_desk(small_output, tmp_path_factory.mktemp("cache")) as client:
        yield client


def body(name: str, **query: str) -> str:
    return f"/bodies/body?{urlencode({'name': name, **query})}"


def test_bodies_are_listed_with_their_loads(desk: TestClient) -> None:
    rows = first_table(desk.get("/bodies").text)
    assert [(row[0], row[1], row[2], row[3], row[6]) for row in rows] == [
        (FINANCE, "2", "3", "5", "2011–2012"),
        (CIVIL, "2", "1", "3", "2011–2012"),
        (EDUCATION, "0", "2", "2", "2011–2012"),
        (HOUSING, "1", "0", "1", "2011"),
        (URBAN, "1", "0", "1", "2012"),
    ]
    found = first_table(desk.get("/bodies?words=民政").text)
    assert [row[0] for row in found] == [CIVIL]
    assert "No body fits" in desk.get("/bodies?place=南京市").text


def test_a_body_shows_years_partners_load_and_items(desk: TestClient) -> None:
    page = desk.get(body(FINANCE)).text
    assert [row[:4] for row in table(page, "years")] == [
        ["2011", "1", "2", "3"],
        ["2012", "1", "1", "2"],
    ]
    assert [row[:5] for row in table(page, "partners")][:3] == [
        [CIVIL, "3", "1", "1", "1"],
        ["王宏彬 leader", "2", "2", "0", "0"],
        [EDUCATION, "2", "0", "1", "1"],
    ]
    # Of 2012, the latest year: two items, all others have one.
    assert "Rank 1 of 4 bodies with 2 items; half of them have at most 1." in texts(
        page, '//*[@aria-labelledby="load"]/p'
    )
    items = table(page, "items")
    assert [row[1] for row in items][:2] == ["1、 建设智慧食堂。", "2、 新建口袋公园。"]
    assert len(items) == 5
    assert "No progress is kept" in page


def test_the_load_of_another_year_and_one_role_can_be_asked_for(desk: TestClient) -> None:
    page = desk.get(body(EDUCATION, within=f"2011:{PLACE}")).text
    assert "Rank 3 of 4 bodies with 1 items; half of them have at most 1.5." in page
    assert [row[1] for row in table(page, "load")] == [FINANCE, CIVIL, HOUSING, f"▶ {EDUCATION}"]
    hosted = table(desk.get(body(FINANCE, role="host")).text, "items")
    assert [row[0] for row in hosted] == ["2012", "2011"]
    # A year without items of the body has no comparison, and the page is there all the same.
    assert 'id="load"' not in desk.get(body(FINANCE, within=f"none:{PLACE}")).text


def test_pictures_say_in_words_what_they_show(desk: TestClient) -> None:
    page = desk.get(body(FINANCE)).text
    titles = texts(page, "//*[local-name()='svg']//*[local-name()='title']")
    assert f"{FINANCE} and {CIVIL}: 3 items in common" in titles
    assert "1 hosted, 2 co-hosted" in titles
    assert "How many bodies have how many items; ▼ marks this body" in titles
    root = root_of(page)
    assert root.xpath("//@style") == []
    assert root.xpath("//script[not(@src)]|//style") == []


def test_a_leader_shows_the_portfolio(desk: TestClient) -> None:
    leaders = first_table(desk.get("/leaders").text)
    assert [(row[0], row[3]) for row in leaders] == [("王宏彬", "2"), ("刘慧", "1")]
    query = urlencode({"name": "王宏彬", "place": PLACE})
    page = desk.get(f"/leaders/leader?{query}").text
    assert [row[:2] for row in table(page, "years")] == [["2011", "1"], ["2012", "1"]]
    assert [row[:4] for row in table(page, "bodies")] == [
        [CIVIL, "2", "0", "2"],
        [FINANCE, "1", "1", "2"],
        [EDUCATION, "0", "2", "2"],
    ]
    assert [row[0] for row in table(page, "items")] == ["2012", "2011"]


def test_unknown_bodies_and_leaders_are_not_found(desk: TestClient) -> None:
    assert desk.get(body("没有的局")).status_code == 404
    assert desk.get("/leaders/leader?name=王宏彬&place=南京市").status_code == 404
    assert desk.get(body(FINANCE, format="csv", table="secrets")).status_code == 404


def test_what_is_shown_can_be_downloaded(desk: TestClient) -> None:
    rows = downloaded(desk.get(body(FINANCE, format="csv", table="years")).content)
    assert [(row["year"], row["hosted"], row["co_hosted"]) for row in rows] == [
        ("2011", "1", "2"),
        ("2012", "1", "1"),
    ]
    partners = json.loads(desk.get(body(FINANCE, format="json", table="partners")).content)
    assert partners[0]["canonical"] == CIVIL
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/bodies?format=xlsx").content))
    assert next(row[0].value for row in book.worksheets[0].iter_rows(min_row=2)) == FINANCE
    loads = downloaded(desk.get(body(URBAN, format="csv", table="loads")).content)
    assert len(loads) == 4
    leaders = downloaded(desk.get("/leaders?format=csv").content)
    assert [row["name"] for row in leaders] == ["王宏彬", "刘慧"]


def test_the_ledger_says_what_is_reported_and_overdue(small_output: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    shutil.copytree(small_output, output)
    notices = list(read_records(output))
    first = next(one for one in notices if one.year == 2011)
    cell = WrittenCell(anchor_of(first, first.items[0]), FINANCE, "完成情况", "推进中")
    write_progress(output, notices, [cell])
    with open_desk(output, tmp_path / "cache") as client:
        page = client.get(body(FINANCE)).text
        chinese = client.get(body(FINANCE, lang="zh")).text
    # 6月底前 of 2011 is long over; of the other four items no last day is told.
    assert "1 of 5 items reported, 1 overdue" in page
    assert "5 项中已填报 1 项，逾期 1 项" in chinese
    states = {row[0]: row[1] for row in table(page, "ledger")}
    assert (states["under way"], states["not reported"]) == ("1", "4")
    late = [row for row in table(page, "items") if row[4]]
    assert [row[4] for row in late] == ["2011-06-30"]
    assert "overdue by" in late[0][6]


def test_the_ledger_says_which_records_it_leaves_out(small_output: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    shutil.copytree(small_output, output)
    notices = list(read_records(output))
    cell = WrittenCell(anchor_of(notices[0], notices[0].items[0]), FINANCE, "完成情况", "推进中")
    write_progress(output, notices, [cell])
    with open_desk(output, tmp_path / "cache") as client:
        assert "cannot be read" not in client.get(body(FINANCE)).text
    with open_desk(output, tmp_path / "cache") as client:
        assert client.get("/bodies").status_code == 200
        lost = next(one for one in notices if one.year == 2012)
        (output / "json" / f"{lost.notice_id}.json").write_text("{")
        page = client.get(body(FINANCE)).text
    (said,) = texts(page, '//section[@aria-labelledby="ledger"]/*[@role="alert"]')
    assert "Without the items of records that cannot be read: 1" in said
    assert f"{lost.notice_id}.json" in said
    assert str(output) not in page


def test_the_same_page_in_chinese(small_output: Path, tmp_path: Path) -> None:
    with open_desk(small_output, tmp_path, "zh") as client:
        page = client.get(body(FINANCE)).text
    assert texts(page, "//h2") == ["历年承担", "台账", "与其他单位比较", "与谁共同承担", "事项"]
    assert "在 4 个单位中列第 1 位，承担 2 项；半数单位不超过 1 项。" in page
