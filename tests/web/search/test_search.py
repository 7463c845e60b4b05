"""The search page: facets lead to what they count, every view has its address, exports are whole."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.web.exported_table import export_table
from pipeline.web.search.found import split_marks


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_sheet(data: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def test_hits_are_shown_in_their_sentence(desk: TestClient) -> None:
    page = desk.get("/search", params={"words": "核算", "year": "2011", "lang": "en"})
    assert page.status_code == 200
    assert "2 items found" in page.text
    assert "做好GDP（地区生产总值）<mark>核算</mark>，增长率100%以上。" in page.text
    assert re.search(r'href="/notices/[^"]*2011-[^"]*#i2"', page.text)


@pytest.mark.parametrize("query", ["words=财政", "unit=区财政局", "leader=王宏彬", "doubt=any"])
def test_every_facet_leads_to_as_many_items_as_it_says(desk: TestClient, query: str) -> None:
    page = desk.get(f"/search?{query}&lang=en").text
    facets = page.partition('id="facets"')[2]
    links = re.findall(r'<a href="([^"]+)"><span>[^<]*</span> <span class="number">(\d+)', facets)
    assert len(links) > 10
    for address, items in links:
        found = desk.get(unescape(address), params=None).text
        assert f"{items} items found" in found, address
        assert "× " not in found
        assert 'aria-current="true"' in found


def test_filters_are_kept_and_taken_off(desk: TestClient) -> None:
    asked = {
        "words": "财政",
        "year": ["2011", "2012"],
        "role": "leader",
        "leader": "李文",
        "lang": "en",
    }
    page = desk.get("/search", params=asked).text
    assert "4 items found" in page
    chosen = page.partition('class="chosen"')[2].partition("</ul>")[0]
    addresses = [unescape(one) for one in re.findall(r'href="([^"]+)"', chosen)]
    counts = [re.search(r"(\d+) items found", desk.get(one).text) for one in addresses]
    # Without 2011, without 2012, of any role, of any leader, with any words.
    assert sorted(int(one[1]) for one in counts if one) == [2, 2, 4, 4, 12]
    assert '<input type="hidden" name="leader" value="李文">' in page


def test_pages_follow_each_other(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.search.routes._PAGE", 4)
    address, found = "/search?lang=en&order=doubtful", []
    while address:
        page = desk.get(address).text
        found += re.findall(r'<h3><a href="(/notices/[^"]+)"', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(following[1]) if following else ""
    assert len(found) == len(set(found)) == 18


@pytest.mark.parametrize(
    "query", ["role=chief", "state=x", "year=x", "year=20111", "order=x", "format=pdf", "after=x"]
)
def test_what_no_search_means_is_refused(desk: TestClient, query: str) -> None:
    answer = desk.get(f"/search?{query}", headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert "What to do" in answer.text


def test_empty_fields_of_the_form_do_not_count(desk: TestClient) -> None:
    assert "18 items found" in desk.get("/search?lang=en&words=&unit=&region=&year=&role=").text


def test_exports_have_what_the_page_lists(desk: TestClient, made: Path) -> None:
    asked = "/search?words=食堂&format="
    table = read_csv((made / "items.csv").read_bytes())
    wanted = {row["item_id"]: row["content"] for row in table if "食堂" in row["content"]}
    answer = desk.get(asked + "csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert {row["item_id"]: row["content"] for row in read_csv(answer.content)} == wanted
    rows = desk.get(asked + "json").json()
    assert {row["item_id"]: row["content"] for row in rows} == wanted
    assert isinstance(rows[0]["year"], int)
    heads, *lines = read_sheet(desk.get(asked + "xlsx").content).iter_rows(values_only=True)
    assert {line[heads.index("item_id")]: line[heads.index("content")] for line in lines} == wanted


def test_exports_run_no_formula() -> None:
    hostile = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("http://x")',
        "http://x",
        "（一）",
        "x" * 40_000,
    ]
    rows = [{"text": one, "number": n} for n, one in enumerate(hostile)]
    written = export_table("t", ("text", "number"), rows, "csv").data
    assert [row["text"][:2] for row in read_csv(written)[:5]] == ["'=", "'+", "'-", "'@", "'="]
    book = export_table("t", ("text", "number"), rows, "xlsx").data
    cells = [row[0] for row in read_sheet(book).iter_rows(min_row=2)]
    assert [cell.value for cell in cells[:-1]] == hostile[:-1]
    assert {cell.data_type for cell in cells} == {"s"}
    assert len(str(cells[-1].value)) == 32_767


def test_what_is_sought_is_escaped(desk: TestClient) -> None:
    hostile = '"><script>alert(1)</script>\u202e'
    page = desk.get("/search", params={"words": hostile, "leader": hostile, "lang": "en"}).text
    assert "<script>alert" not in page
    assert "\u202e" not in page.partition('class="chosen"')[2]
    assert "0 items found" in page


def test_marks_split_a_sentence() -> None:
    assert split_marks("做好GDP核算", [(2, 5)]) == [("做好", False), ("GDP", True), ("核算", False)]
    assert split_marks("核算", [(0, 2)]) == [("核算", True)]
