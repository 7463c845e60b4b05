"""fengong fetch: a page with its attachments into raw/, and everything that is refused."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from warcio.archiveiterator import ArchiveIterator

from pipeline import cli
from pipeline.dataset.record_files import read_records
from tests.conftest import need
from tests.crawl.server import Reply, Request, Route, page, serve
from tests.read.writers import CONVERTED, converted

TITLE = "关于印发《甲区2024年重点改革计划》的通知"
COVER = (
    "甲政办〔2024〕3号",
    "各街道办事处,区政府各部门:",
    "《甲区2024年重点改革计划》已经区政府同意,现印发给你们,请认真组织实施。",
)
SIGNATURE = ("甲区人民政府办公室", "2024年3月2日")
TASKS = (
    "甲区2024年重点改革计划",
    "一、推进政务公开。完善公开目录。(责任单位:区政务办)",
    "二、改善就业服务。新增岗位500个。(责任单位:区人社局)",
    "三、整治河道。清理河道12条。(责任单位:区水务局)",
)
UNITS = ["区政务办", "区人社局", "区水务局"]


def docx(lines: tuple[str, ...] = TASKS) -> bytes:
    file = io.BytesIO()
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


DOCX = docx()
WORD = {"Content-Type": "application/msword"}


def cover(*links: str, charset: str = "utf-8") -> Reply:
    return page(TITLE, *COVER, *links, *SIGNATURE, charset=charset)


def plan_site(request: Request) -> Reply:
    """A notice whose plan is in an attachment alone."""
    if request.path == "/a/t1.html":
        return cover('<a href="files/plan.docx">附件:甲区2024年重点改革计划.docx</a>')
    if request.path == "/a/files/plan.docx":
        return Reply(DOCX, headers=WORD)
    return Reply(b"", 404)


def fetch(folder: Path, *args: object) -> int:
    words = ["fetch", *args, "--raw", folder / "raw", "--state", folder / "crawl", "--delay", 0]
    return cli.main([*map(str, words), "--allow-private"])


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "raw" / "SOURCES.csv").open(encoding="utf-8") as file:
        return sorted(csv.DictReader(file), key=lambda row: (row["retrieved_at"], row["part_of"]))


def kept(folder: Path) -> dict[str, bytes]:
    raw = folder / "raw"
    return {
        path.relative_to(raw).as_posix(): path.read_bytes()
        for path in sorted(raw.rglob("*"))
        if path.is_file()
    }


def test_a_notice_is_kept_with_its_attachment_and_parsed_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(plan_site) as site:
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 0
        url = site.url
    main, attached = rows(tmp_path)
    assert main["path"] == "甲区人民政府办公室/2024/甲区2024年重点改革计划.html"
    assert attached["part_of"] == main["path"]
    assert (attached["url"], attached["status"], attached["media_type"]) == (
        f"{url}/a/files/plan.docx",
        "200",
        "application/msword",
    )
    assert (tmp_path / "raw" / attached["path"]).read_bytes() == DOCX
    monkeypatch.chdir(tmp_path)
    assert cli.main(["parse", "raw", "-o", "out"]) == 0
    assert cli.main(["verify", "out"]) == 0
    (notice,) = read_records(Path("out"))
    assert [one.host_units[0].name for one in notice.items] == UNITS
    assert (notice.document_number, notice.issued_on) == ("甲政办〔2024〕3号", "2024-03-02")
    files = notice.source.files
    assert files is not None
    inside = [
        one.path
        for item in notice.items
        for one in files
        if one.span.start <= item.span.start < one.span.end
    ]
    assert inside == [f"raw/{attached['path']}"] * 3


def test_an_attachment_that_repeats_the_page_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def route(request: Request) -> Reply:
        if request.path.endswith(".docx"):
            return Reply(DOCX, headers=WORD)
        return page(TITLE, *COVER, *TASKS, '<a href="/p.docx">下载.docx</a>', *SIGNATURE)

    with serve(route) as site:
        assert fetch(tmp_path, f"{site.url}/t.html") == 0
    monkeypatch.chdir(tmp_path)
    assert cli.main(["parse", "raw", "-o", "out"]) == 0
    (notice,) = read_records(Path("out"))
    assert len(notice.items) == 3
    assert "attachment-copy" in [one.code for one in notice.problems]
    with (tmp_path / "out" / "sources.csv").open(encoding="utf-8-sig") as table:
        fates = {
            row["kind"]: (row["fate"], row["why"])
            for row in csv.DictReader(table)
            if row["kind"] != "csv"
        }
    page_path = notice.source.path
    assert fates == {"html": ("read", ""), "docx": ("skipped", f"prints what {page_path} prints")}


def test_a_word_file_of_the_old_kind_is_read_with_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need(shutil.which("soffice") is not None, "LibreOffice (libreoffice-writer-nogui)")
    (tmp_path / "office").mkdir()
    data = converted(DOCX, ".docx", CONVERTED["doc"], tmp_path / "office")

    def route(request: Request) -> Reply:
        if request.path == "/p.doc":
            return Reply(data, headers={"Content-Type": "application/octet-stream"})
        return cover('<a href="/p.doc">附件:甲区2024年重点改革计划.doc</a>')

    with serve(route) as site:
        assert fetch(tmp_path, f"{site.url}/t.html") == 0
    assert rows(tmp_path)[1]["path"].endswith("-附件1.doc")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["parse", "raw", "-o", "out"]) == 0
    (notice,) = read_records(Path("out"))
    assert [one.host_units[0].name for one in notice.items] == UNITS


def test_the_answers_are_kept_whole_as_warc(tmp_path: Path) -> None:
    with serve(plan_site) as site:
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 0
    (warc,) = (tmp_path / "crawl" / "warc").rglob("*.warc.gz")
    assert rows(tmp_path)[0]["warc"] == warc.relative_to(tmp_path / "crawl" / "warc").as_posix()
    with warc.open("rb") as file:
        bodies = [
            one.content_stream().read()
            for one in ArchiveIterator(file)
            if one.rec_type == "response"
        ]
    assert bodies == [
        cover('<a href="files/plan.docx">附件:甲区2024年重点改革计划.docx</a>').body,
        DOCX,
    ]


def test_a_page_in_gb18030_is_read(tmp_path: Path) -> None:
    def route(request: Request) -> Reply:
        del request
        return page(TITLE, *COVER, *TASKS, *SIGNATURE, charset="gb2312")

    with serve(route) as site:
        assert fetch(tmp_path, f"{site.url}/t.html") == 0
    assert rows(tmp_path)[0]["path"] == "甲区人民政府办公室/2024/甲区2024年重点改革计划.html"


def test_the_same_page_is_kept_once_and_a_changed_one_as_another_version(tmp_path: Path) -> None:
    edition = ["第一版"]
    hits = iter(range(99))

    def route(request: Request) -> Reply:
        del request
        counter = f"<script>var hits = {next(hits)};</script>"
        return page(
            TITLE, *COVER, *TASKS, f"四、{edition[0]}。(责任单位:区民政局)", counter, *SIGNATURE
        )

    with serve(route) as site:
        assert fetch(tmp_path, f"{site.url}/t.html") == 0
        first = kept(tmp_path)
        assert fetch(tmp_path, f"{site.url}/t.html") == 0
        assert kept(tmp_path) == first
        edition[0] = "第二版"
        assert fetch(tmp_path, f"{site.url}/t.html") == 0
    second = kept(tmp_path)
    assert len(second) == len(first) + 1
    assert all(second[name] == data for name, data in first.items() if name != "SOURCES.csv")


def test_a_list_of_origins_keeps_what_it_had(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "SOURCES.csv").write_text("path,url,note\nb/x.txt,http://x/,mine\n", "utf-8")
    with serve(plan_site) as site:
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 0
    assert [one["note"] for one in rows(tmp_path) if one["path"] == "b/x.txt"] == ["mine"]


def _endless() -> Iterator[bytes]:
    while True:
        yield b"<p>" + b"x" * 2**20


def _bomb() -> Reply:
    data = gzip.compress(b"<html><body>" + bytes(80 * 2**20))
    return Reply(data, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})


REFUSED: dict[str, tuple[Reply, str]] = {
    "missing": (Reply(b"", 404), "answers with 404"),
    "to a file": (Reply(b"", 302, {"Location": "file:///etc/passwd"}), "no address of the web"),
    "to another host": (Reply(b"", 302, {"Location": "http://10.0.0.1/"}), "the host 10.0.0.1"),
    "in a circle": (Reply(b"", 302, {"Location": "/t.html"}), "redirected too often"),
    "a picture": (Reply(b"\x89PNG\r\n\x1a\n", headers={"Content-Type": "image/png"}), "image/png"),
    "nothing": (Reply(b"", headers={"Content-Type": "text/html"}), "answers with nothing"),
    "a bomb": (_bomb(), "unpacks to more than"),
    "endless": (Reply(pieces=_endless), "above the limit"),
    "told too large": (Reply(b"", headers={"X": "1"}, pieces=_endless), "above the limit"),
    "broken gzip": (Reply(b"abc", headers={"Content-Encoding": "gzip"}), "packed and broken"),
    "cut gzip": (
        Reply(gzip.compress(b"<p>" * 99)[:-9], headers={"Content-Encoding": "gzip"}),
        "packed and cut",
    ),
    "unknown packing": (Reply(b"abc", headers={"Content-Encoding": "br"}), "not asked for"),
    "an error page": (page("页面不存在", "您访问的页面不存在"), "an error page"),
    "a cookie wall": (
        Reply(b"<html><script>document.cookie='a=1';location.reload()</script></html>"),
        "only sets a cookie",
    ),
    "a test of humans": (page("请稍候", "正在进行安全验证"), "keeps programs out"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_notice_is_reported_and_not_kept(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "en")
    # What is broken is asked again, without a pause here.
    monkeypatch.setattr("pipeline.crawl.paced._FIRST_PAUSE", 0.0)
    reply, fact = REFUSED[case]
    with serve(lambda request: reply if request.path == "/t.html" else Reply(b"", 404)) as site:
        assert fetch(tmp_path, f"{site.url}/t.html") == 1
    assert fact in capsys.readouterr().err
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a.doc",
        "gopher://127.0.0.1/",
        "http://user:geheim@example.org/",
        "http://",
    ],
)
def test_addresses_of_other_kinds_are_refused(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(tmp_path, url) == 1
    assert "geheim" not in capsys.readouterr().err


def test_a_private_address_is_refused_unless_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "en")
    with serve(plan_site) as site:
        args = ["fetch", f"{site.url}/a/t1.html", "--raw", str(tmp_path / "raw")]
        assert cli.main([*args, "--state", str(tmp_path / "crawl")]) == 1
        assert not site.asked
    assert "no public address" in capsys.readouterr().err


BAD_FILES: dict[str, tuple[str, Reply, str]] = {
    "gone": ("/p.docx", Reply(b"", 404), "answers with 404"),
    "a page in its place": ("/p.docx", page("登录", "请登录" * 100), "is a page, where a file"),
    "broken": ("/p.docx", Reply(b"PK\x03\x04" + b"x" * 80, headers=WORD), "broken"),
    "of another host": ("http://127.0.0.2:1/p.docx", Reply(), "at the host 127.0.0.2"),
    "of a kind not read": ("/p.rar", Reply(b"Rar!"), "of a kind that is not read"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_an_attachment_that_cannot_be_read_is_an_alarm(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "en")
    link, reply, fact = BAD_FILES[case]
    own = cover(f'<a href="{link}">附件:计划{link[-5:]}</a>')
    with serve(lambda request: own if request.path == "/t.html" else reply) as site:
        assert fetch(tmp_path, f"{site.url}/t.html") == 3
    assert fact in capsys.readouterr().err
    assert rows(tmp_path)[0]["path"].endswith(".html")


def test_names_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    own = page(
        "../../../关于印发2024年工作要点的通知",
        *TASKS,
        '<a href="/f?name=..%2F..%2F..%2Fetc%2Fevil.docx">../../evil.docx</a>',
    )

    def route(request: Request) -> Reply:
        return (
            own
            if request.path == "/t.html"
            else Reply(docx(("完全不同的文字内容在此。",) * 3), headers=WORD)
        )

    with serve(route) as site:
        assert fetch(tmp_path, f"{site.url}/t.html") == 0
    paths = [one["path"] for one in rows(tmp_path)]
    assert all(".." not in path and path.count("/") == 2 for path in paths)
    assert {path.name for path in tmp_path.iterdir()} == {"raw", "crawl"}


def test_a_visited_page_becomes_a_fixture(tmp_path: Path) -> None:
    with serve(plan_site) as site:
        fetch(tmp_path, f"{site.url}/a/t1.html", "--record", tmp_path / "fixture")
    entries = json.loads((tmp_path / "fixture" / "fixture.json").read_text("utf-8"))
    served = {one["path"]: (tmp_path / "fixture" / one["body"]).read_bytes() for one in entries}

    def replay(request: Request) -> Reply:
        return Reply(served[request.path]) if request.path in served else Reply(b"", 404)

    again = tmp_path / "again"
    with serve(replay) as site:
        assert fetch(again, f"{site.url}/a/t1.html") == 0
    assert [one["sha256"] for one in rows(again)] == [one["sha256"] for one in rows(tmp_path)]


def test_bodies_packed_as_deflate_are_unpacked(tmp_path: Path) -> None:
    plain = page(TITLE, *COVER, *TASKS, *SIGNATURE)
    packer = zlib.compressobj(wbits=-15)
    bare = packer.compress(plain.body) + packer.flush()
    routes: list[Route] = [
        lambda _: Reply(zlib.compress(plain.body), headers={"Content-Encoding": "deflate"}),
        lambda _: Reply(bare, headers={"Content-Encoding": "deflate"}),
        lambda _: Reply(gzip.compress(plain.body), headers={"Content-Encoding": "gzip"}),
    ]
    for n, route in enumerate(routes):
        own: Route = lambda request, route=route: (  # type: ignore[misc] # noqa: E731
            Reply(b"", 404) if "robots" in request.path else route(request)
        )
        with serve(own) as site:
            assert fetch(tmp_path / str(n), f"{site.url}/t.html") == 0
        assert (
            tmp_path / str(n) / "raw" / rows(tmp_path / str(n))[0]["path"]
        ).read_bytes() == plain.body
