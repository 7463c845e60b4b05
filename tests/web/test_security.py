"""Requests that must not come through, the headers of every answer, failures without internals."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import APIRouter, Depends, Request
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse, Response

from pipeline.web.app import create_app
from pipeline.web.rights import require_writing
from pipeline.web.settings import DeskSettings, is_loopback

READ, WRITE = "r" * 16, "w" * 16
planted = APIRouter()


@planted.post("/planted/change", dependencies=[Depends(require_writing)])
def change() -> Response:
    return PlainTextResponse("changed")


@planted.post("/planted/read")
async def read_all(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@planted.get("/planted/fails")
def fails() -> Response:
    raise RuntimeError("a secret of the house: /home/somebody")  # noqa: EM101


def open_desk(tmp_path: Path, **settings: object) -> TestClient:
    """A client of a desk over an empty folder, with routes that change and fail."""
    app = create_app(DeskSettings(tmp_path, **settings))  # type: ignore[arg-type]
    app.include_router(planted)
    return TestClient(app, base_url="http://127.0.0.1:8400", follow_redirects=False)


@pytest.mark.parametrize("path", ["/enter", "/no/such/page", "/planted/fails", "/static/desk.css"])
def test_every_answer_has_the_headers(tmp_path: Path, path: str) -> None:
    answer = open_desk(tmp_path).get(path)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


def test_a_failure_shows_no_internals(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    answer = open_desk(tmp_path).get("/planted/fails", headers={"accept-language": "en"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "failed at this page (number " in answer.text
    assert "a secret of the house" in caplog.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8400"]
)
def test_an_unknown_name_is_refused(tmp_path: Path, host: str) -> None:
    """A page whose name was pointed to this machine cannot read the desk."""
    assert open_desk(tmp_path).get("/enter", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8400", "127.0.0.1", "[::1]:8400", "desk.example"])
def test_known_names_are_let_in(tmp_path: Path, host: str) -> None:
    desk = open_desk(tmp_path, allowed_hosts=("desk.example",))
    assert desk.get("/enter", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:8400"}, 200),
        ({"origin": "http://127.0.0.1:8400", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8400"}, 403),
    ],
)
def test_other_sites_change_nothing(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    answer = open_desk(tmp_path).post("/planted/change", headers=headers)
    assert answer.status_code == status


def test_too_much_is_refused_declared_or_not(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, largest_form=1000)
    assert desk.post("/planted/read", content=b"x" * 1000).text == "1000"
    assert desk.post("/planted/read", content=b"x" * 1001).status_code == 413
    assert desk.post("/planted/read", content=iter([b"x" * 600] * 2)).status_code == 413
    assert desk.post("/planted/read", headers={"content-length": "-1"}).status_code == 413


def test_tokens_part_reading_from_writing(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, read_token=READ, write_token=WRITE)
    assert desk.get("/no/such?x=1").headers["location"] == "/enter?next=/no/such%3Fx%3D1"
    assert desk.get("/api/v1/items").status_code == 401
    assert desk.post("/planted/change").status_code == 401
    for token, status in ((READ, 403), (WRITE, 200), ("x" * 16, 401)):
        headers = {"authorization": f"Bearer {token}"}
        assert desk.post("/planted/change", headers=headers).status_code == status
    assert desk.post("/enter", data={"token": "wrong"}).status_code == 403
    entered = desk.post("/enter", data={"token": READ, "next": "//evil.example"})
    assert entered.headers["location"] == "/"
    cookie = entered.headers["set-cookie"]
    assert READ not in cookie
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert desk.get("/no/such").status_code == 404
    assert desk.post("/planted/change").status_code == 403
    desk.post("/leave")
    assert desk.get("/no/such").status_code == 303


def test_a_proxy_names_the_user(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, proxy_user_header="x-user")
    assert desk.post("/planted/change").status_code == 401
    headers = {"x-user": "张三".encode()}
    assert desk.post("/planted/change", headers=headers).status_code == 200  # type: ignore[arg-type]


def test_a_read_only_desk_is_not_written(tmp_path: Path) -> None:
    assert open_desk(tmp_path, is_read_only=True).post("/planted/change").status_code == 403


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/enter", {}, "zh-CN"),
        ("/enter", {"accept-language": "fr, en;q=0.8, zh;q=0.9"}, "zh-CN"),
        ("/enter", {"accept-language": "en-US,en;q=0.9"}, "en"),
        ("/enter?lang=zh", {"accept-language": "en"}, "zh-CN"),
        ("/enter", {"cookie": "fengong_lang=en", "accept-language": "zh"}, "en"),
        ("/enter?lang=xx", {"accept-language": "en;q=x"}, "zh-CN"),
    ],
)
def test_the_language_of_a_page(
    tmp_path: Path, path: str, headers: dict[str, str], language: str
) -> None:
    assert f'<html lang="{language}">' in open_desk(tmp_path).get(path, headers=headers).text


def test_an_asked_language_is_kept(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    desk.get("/enter?lang=en")
    assert '<html lang="en">' in desk.get("/enter").text


@pytest.mark.parametrize(
    "path", ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py"]
)
def test_no_path_leads_out_of_the_static_files(tmp_path: Path, path: str) -> None:
    assert open_desk(tmp_path).get(path).status_code == 404


def test_loopback() -> None:
    assert [is_loopback(one) for one in ("127.0.0.1", "::1", "[::1]", "localhost")] == [True] * 4
    assert [is_loopback(one) for one in ("192.0.2.1", "::", "10.0.0.1", "desk.example")] == [
        False
    ] * 4
