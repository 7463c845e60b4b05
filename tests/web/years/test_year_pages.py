"""The pages of years, and the decisions that people make on them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from pipeline.dataset.manifest import DECIDED_PAIRS
from tests.web.desk_client import downloaded, first_table, open_desk, root_of, table, texts
from tests.web.years.small_outputs import LIVELIHOOD, REFORM


@pytest.fixture
def desk(years_output: Path, tmp_path: Path) -> TestClient:
    return open_desk(years_output, tmp_path / "cache")


@pytest.fixture
def own(own_output: Path, tmp_path: Path) -> TestClient:
    return open_desk(own_output, tmp_path / "cache")


def plans_of(desk: TestClient, series: str) -> list[str]:
    page = desk.get(f"/years/series?{urlencode({'name': series})}").text
    links = root_of(page).xpath("//table")[0].xpath(".//a/@href")
    return [one.removeprefix("/notices/") for one in links if one.startswith("/notices/")]


def compare(previous: str, current: str, **query: str) -> str:
    asked = {"previous": previous, "current": current, **query}
    return f"/years/compare?{urlencode(asked)}"


def test_series_are_listed_with_an_arrow_between_years(desk: TestClient) -> None:
    page = desk.get("/years").text
    rows = first_table(page)
    assert [row[1] for row in rows] == [
        "2015 2 items→2016 3 items→2017 3 items",
        "2018 2 items→2019 2 items",
    ]
    arrows = root_of(page).xpath('//a[@class="arrow"]/@href')
    assert all(desk.get(one).status_code == 200 for one in arrows)
    assert [row[1][:4] for row in first_table(desk.get("/years?words=民生").text)] == ["2018"]
    listed = downloaded(desk.get("/years?format=csv").content)
    assert [(row["series"], row["year"]) for row in listed][:2] == [
        (LIVELIHOOD, "2018"),
        (LIVELIHOOD, "2019"),
    ]


def test_a_comparison_marks_words_and_says_the_rest(desk: TestClient) -> None:
    first, second, _ = plans_of(desk, REFORM)
    page = desk.get(compare(first, second)).text
    school = '//article[contains(@aria-labelledby, "c2-")]'
    assert texts(page, f"{school}//h2") == ["建设智慧校园"]
    assert texts(page, f"{school}//*[@class='wording']//del") == ["7"]
    assert texts(page, f"{school}//*[@class='wording']//ins") == ["2"]
    assert texts(page, f"{school}//ul/li") == [
        "Number 1 → 2",
        "figures 新建智慧校园示范校 7所 → 2所",
    ]
    added = desk.get(compare(first, second, kind="added")).text
    assert texts(added, "//article//h2") == ["新建口袋公园"]
    rows = downloaded(desk.get(compare(first, second, format="csv")).content)
    assert [row["kind"] for row in rows if row["kind"] == "added"] == ["added"]
    chinese = desk.get(compare(first, second, lang="zh")).text
    assert texts(chinese, f"{school}//ul/li")[0] == "序号 1 → 2"


def test_threads_show_each_year(desk: TestClient) -> None:
    page = desk.get(f"/years/series?{urlencode({'name': REFORM})}").text
    rows = {row[0]: row[1:4] for row in table(page, "threads")}
    assert rows["建设智慧校园"] == ["●there in the first year", "≈reworded", "=unchanged"]
    assert rows["整治黑臭水体"] == ["●there in the first year", "≈reworded", "·not there"]
    assert rows["优化公交线网"] == ["·not there", "·not there", "+new"]
    address = root_of(page).xpath('//a[contains(., "建设智慧校园")]/@href')[0]
    thread = desk.get(address).text
    assert texts(thread, "//ol/li/header/h2") == ["2015", "2016", "2017"]
    assert texts(thread, "//ol/li[2]//del")[:1] == ["7"]
    assert "in the same words" in texts(thread, "//ol/li[3]//p")
    ended = desk.get(f"/years/series?{urlencode({'name': REFORM, 'fate': 'ended'})}").text
    assert [row[0] for row in table(ended, "threads")] == ["整治黑臭水体"]
    rows_down = downloaded(
        desk.get(f"/years/series?{urlencode({'name': REFORM, 'format': 'csv'})}").content
    )
    assert len(rows_down) == 8


@pytest.mark.parametrize(
    "address",
    [
        "/years/series?name=nothing",
        "/years/thread?series=nothing&thread=x",
        "/years/compare?previous=x&current=..%2F..%2Fetc%2Fpasswd",
    ],
)
def test_what_is_unknown_is_not_found(desk: TestClient, address: str) -> None:
    assert desk.get(address).status_code == 404


def test_a_link_is_refused_and_taken_back_on_the_page(own: TestClient) -> None:
    first, second, _ = plans_of(own, REFORM)
    page = own.get(compare(first, second)).text
    button = root_of(page).xpath('//button[starts-with(@value, "different|")]/@value')[0]
    sent = {"previous": first, "current": second, "choice": button, "who": "张三", "why": "读过"}
    answer = own.post("/years/links", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        compare(first, second, kind="", page="1"),
    )
    refused = own.get(answer.headers["location"]).text
    assert texts(refused, '//details[@class="refused"]//li')[0].startswith(
        "整治黑臭水体 / 整治黑臭水体: different – 张三, "
    )
    back = button.replace("different|", "back|")
    assert own.post("/years/links", data={**sent, "choice": back}).status_code == 303
    assert 'class="refused"' not in own.get(compare(first, second)).text


def test_two_items_are_joined_by_a_form(own: TestClient) -> None:
    _, second, third = plans_of(own, REFORM)
    page = root_of(own.get(compare(second, third)).text)
    one, other = (
        page.xpath(f'//select[@id="{side}"]/option/@value')[0] for side in ("one", "other")
    )
    sent = {"previous": second, "current": third, "one": one, "other": other, "who": "张三"}
    assert own.post("/years/links", data=sent).status_code == 303
    assert "confirmed by 张三" in own.get(compare(second, third)).text


def test_series_are_joined_and_parted_on_the_page(own: TestClient) -> None:
    sent = {"name": REFORM, "choice": "join", "other": LIVELIHOOD, "who": "张三"}
    answer = own.post("/years/series", data=sent)
    assert answer.status_code == 303
    joined = own.get(answer.headers["location"])
    page = own.get(joined.headers["location"]).text
    assert [row[0] for row in first_table(page)] == ["2015", "2016", "2017", "2018", "2019"]
    name = root_of(page).xpath('//input[@name="name"]/@value')[0]
    last = plans_of(own, name)[-1]
    own.post("/years/series", data={"name": name, "choice": f"part|{last}", "who": "张三"})
    assert len(first_table(own.get("/years?all=true").text)) == 2


def test_nothing_is_written_without_a_name_or_without_the_right(
    own: TestClient, own_output: Path, tmp_path: Path
) -> None:
    first, second, _ = plans_of(own, REFORM)
    sent = {"previous": first, "current": second, "choice": f"same|{first}#1|{second}#2"}
    refused = own.post("/years/links", data=sent)
    assert refused.status_code == 409
    assert "nobody is named" in refused.text
    assert own.post("/years/links", data={**sent, "choice": "erase|a|b"}).status_code == 422
    joined = own.post("/years/series", data={"name": REFORM, "choice": "join", "who": "张三"})
    assert "no other series is named" in joined.text
    closed = open_desk(own_output, tmp_path / "other", is_read_only=True)
    assert closed.post("/years/links", data={**sent, "who": "张三"}).status_code == 403
    other_site = {"origin": "http://example.org", "sec-fetch-site": "cross-site"}
    answer = own.post("/years/links", data={**sent, "who": "张三"}, headers=other_site)
    assert answer.status_code == 403
    assert '<form id="decide"' not in closed.get(compare(first, second)).text
    assert not (own_output / DECIDED_PAIRS).exists()
