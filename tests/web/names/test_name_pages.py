"""The page of names: candidates side by side, judged one after the other, and taken back."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient

from pipeline.dataset.manifest import JUDGEMENTS
from pipeline.web.page import fill_in, make_environment
from tests.web.desk_client import downloaded, first_table, open_desk, root_of, texts
from tests.web.names.small_names import PLACE

INSTITUTE = {"name": "区标准化院", "of": PLACE}


@pytest.fixture
def desk(own_output: Path, tmp_path: Path) -> TestClient:
    return open_desk(own_output, tmp_path / "cache")


def name_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["name"][0]


def test_names_that_want_a_judgement_are_listed(desk: TestClient) -> None:
    page = desk.get("/names").text
    assert [(row[0], row[2], row[5]) for row in first_table(page)] == [
        ("公安局", "2", "means several bodies here"),
        ("区标准化院", "3", "no body is known"),
    ]
    assert "2 of 5 names want a judgement, 0 are judged." in page
    assert len(first_table(desk.get("/names?show=all").text)) == 5
    rows = downloaded(desk.get("/names?show=all&format=csv").content)
    assert {row["state"] for row in rows} == {"several", "unknown", "clear"}


def test_a_name_is_shown_with_its_candidates(desk: TestClient) -> None:
    page = desk.get(f"/names/case?{urlencode(INSTITUTE)}").text
    assert texts(page, '//span[@class="candidate-name"]') == ["盐田区标准化管理局", "another body"]
    assert texts(page, '//span[@class="candidate-name"]/b') == ["区标准化"]
    assert (
        "…任务 1、建设智慧食堂。 主办单位：区民政局；协办单位：区标准化院。"
        in texts(page, "//blockquote")[0]
    )
    assert root_of(page).xpath("//input[@checked]/@value") == ["盐田区标准化管理局"]
    assert desk.get("/names/case?name=没有的局").status_code == 404


def test_a_judgement_goes_on_to_the_next_name_and_is_in_force(desk: TestClient) -> None:
    sent = {
        **INSTITUTE,
        "who": "张三",
        "decision": "same",
        "body": "*",
        "other": "盐田区标准化研究院",
    }
    answer = desk.post("/names/judge", data=sent)
    assert answer.status_code == 303
    assert name_in(answer.headers["location"]) == "公安局"
    told = texts(desk.get(answer.headers["location"]).text, '//p[@class="told"]')
    assert told == [
        f"区标准化院 in {PLACE}: kept, and in force at once in the 2 notices that print it."
    ]
    bodies = [row[0] for row in first_table(desk.get("/bodies").text)]
    assert "盐田区标准化研究院" in bodies
    assert "区标准化院" not in bodies
    judged = first_table(desk.get("/names?show=judged").text)
    assert [(row[0], row[4]) for row in judged] == [("区标准化院", "盐田区标准化研究院")]


def test_refusing_one_candidate_of_two_stays_at_the_name(desk: TestClient) -> None:
    police = {"name": "公安局", "of": PLACE, "who": "张三", "decision": "different"}
    answer = desk.post("/names/judge", data={**police, "body": "深圳市公安局"})
    assert name_in(answer.headers["location"]) == "公安局"
    page = desk.get(answer.headers["location"]).text
    assert root_of(page).xpath("//input[@checked]/@value") == ["盐田区公安局"]


def test_undo_goes_back_to_the_name(desk: TestClient, own_output: Path) -> None:
    sent = {**INSTITUTE, "who": "张三", "decision": "unsure"}
    desk.post("/names/judge", data=sent)
    answer = desk.post("/names/undo", data={"name": "公安局", "of": PLACE, "who": "张三"})
    assert name_in(answer.headers["location"]) == "区标准化院"
    assert "nothing is decided any more" in desk.get(answer.headers["location"]).text
    assert (own_output / JUDGEMENTS).read_text("utf-8-sig").count("\n") == 1
    # Nothing is left to undo.
    assert desk.post("/names/undo", data=sent).headers["location"] == "/names?show=open"


def test_all_decisions_on_a_name_are_taken_back(desk: TestClient) -> None:
    desk.post("/names/judge", data={**INSTITUTE, "who": "张三", "decision": "unsure"})
    answer = desk.post("/names/judge", data={**INSTITUTE, "decision": "back"})
    assert "no body is known" in desk.get(answer.headers["location"]).text


def test_nothing_is_judged_without_a_name_or_without_the_right(
    desk: TestClient, own_output: Path, tmp_path: Path
) -> None:
    sent = {**INSTITUTE, "decision": "same", "body": "盐田区标准化管理局"}
    answer = desk.post("/names/judge", data=sent)
    assert (answer.status_code, "nobody is named" in answer.text) == (409, True)
    closed = open_desk(own_output, tmp_path / "other", is_read_only=True)
    assert closed.post("/names/judge", data={**sent, "who": "张三"}).status_code == 403
    assert closed.post("/names/undo", data=sent).status_code == 403
    assert (
        "You may read here, and not judge."
        in closed.get(f"/names/case?{urlencode(INSTITUTE)}").text
    )
    assert not (own_output / JUDGEMENTS).exists()


def test_the_name_of_a_proxys_user_is_the_author(own_output: Path, tmp_path: Path) -> None:
    desk = open_desk(own_output, tmp_path / "cache", proxy_user_header="x-user")
    sent = {**INSTITUTE, "who": "somebody else", "decision": "unsure"}
    assert desk.post("/names/judge", data=sent, headers={"x-user": "wang"}).status_code == 303
    assert ",unsure,wang," in (own_output / JUDGEMENTS).read_text("utf-8-sig")


@pytest.mark.parametrize(
    "code",
    [
        "full",
        "abbreviation",
        "stem",
        "branch",
        "part",
        "town",
        "zone",
        "government",
        "own-name",
        "plate",
        "containment",
        "group",
        "same",
        "suffix",
        "order",
        "renamed",
        "merged",
        "split",
        "reshaped",
        "variant",
    ],
)
def test_a_rule_is_said_in_words(code: str) -> None:
    lists = make_environment().get_template("names/parts.html").module
    said = [str(lists.rule(partial(fill_in, language), code)) for language in ("zh", "en")]  # type: ignore[attr-defined]
    assert not re.search("[a-z]", said[0])
    assert code not in said
