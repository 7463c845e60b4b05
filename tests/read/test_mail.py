"""Messages and pages saved as one file."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline import read_source, read_sources
from pipeline.errors import PipelineError, SourceError
from pipeline.read.bundle import mail
from tests.read.samples import TITLE, eml, html, mhtml, page


def test_a_page_saved_as_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mht"
    path.write_bytes(mhtml())
    source = read_source(path)
    page_path = tmp_path / "a.html"
    page_path.write_bytes(html())
    assert source.text == read_source(page_path).text
    assert source.media_type == "multipart/related"
    assert source.url == "http://www.example.gov.cn/zw/1.html"
    assert [a.url for a in source.attachments] == ["http://www.example.gov.cn/zw/P01.docx"]
    assert source.particulars["title"] == TITLE
    assert source.particulars["published_on"] == "2024-03-05 10:00"


def test_a_message_and_what_is_attached(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(eml())
    first, *rest = read_sources(path)
    assert first.text == "各部门：\n任务分工见附件。\n"
    assert first.particulars == {
        "title": TITLE,
        "source": "甲市人民政府办公室",
        "published_on": "2024-03-05",
    }
    assert [a.text for a in first.attachments] == ["分工.txt", "附件.zip"]
    assert [(source.path or "").removeprefix(path.as_posix()) for source in rest] == [
        "!/分工.txt",
        "!/附件.zip!/通知.html",
        "!/附件.zip!/附件/分工.txt",
    ]


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_charsets_told_by_the_head(tmp_path: Path, charset: str) -> None:
    head = f"From: a@b.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset={charset}\r\n\r\n"
    path = tmp_path / "a.eml"
    path.write_bytes(head.encode() + "<p>〇八年，甲局负责。</p>".encode("gb18030"))
    assert read_source(path).text == "〇八年，甲局负责。"


def test_heads_as_they_come(tmp_path: Path) -> None:
    body = b"\r\nMIME-Version: 1.0\r\n\r\n" + "甲局负责。".encode()
    for subject, read in (
        ("分工".encode("gb18030"), "分工"),
        ("分工".encode(), "分工"),
        (b"=?gb2312?B?t9a5pA==?=", "分工"),
        (b"=?gb2312?B?t9a5p?=", "=?gb2312?B?t9a5p?="),
    ):
        path = tmp_path / "a.eml"
        path.write_bytes(b"From: a@b.cn\r\nDate: nonsense\r\nSubject: " + subject + body)
        assert read_source(path).particulars["title"] == read


def test_the_message_s_frames(tmp_path: Path) -> None:
    """A saved frame set: the root holds no text, the frame does."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message.set_content("<html><body><iframe src='cid:2'></iframe></body></html>", subtype="html")
    message.make_related()
    message.add_related(page().encode(), "text", "html", cid="<2>")
    path = tmp_path / "a.mhtml"
    path.write_bytes(message.as_bytes())
    assert "一、重点任务" in read_source(path).text


def _message(names: list[str]) -> bytes:
    """A message with these files attached, each with words of its own."""
    message = EmailMessage()
    message["From"] = "a@b.cn"
    message.set_content("见附件。\n")
    message.make_mixed()
    data = message.as_bytes()
    mark = (message.get_boundary() or "").encode()
    parts = b"".join(
        b"--%b\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: attachment;"
        b' filename="%b"\n\n%b\n' % (mark, name.encode(), f"甲局负责第{at}项。".encode())
        for at, name in enumerate(names)
    )
    end = b"--%b--" % mark
    return data.replace(end, parts + end)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../x.txt", "x.txt"),
        ("..\\\\..\\\\x.txt", "x.txt"),
        ("/etc/x.txt", "x.txt"),
        ("C:x.txt", "x.txt"),
        ("a/x.txt", "a/x.txt"),
        ("=?utf-8?q?=ED=A0=80.txt?=", None),
    ],
)
def test_a_name_that_points_out_refuses_nothing(
    tmp_path: Path, name: str, safe: str | None
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(_message([name, "y.txt", "..", ".."]))
    errors: list[PipelineError] = []
    found = list(read_sources(path, on_error=errors.append))
    paths = [(source.path or "").removeprefix(f"{path.as_posix()}!/") for source in found[1:]]
    assert errors == []
    assert paths[-1] == "y.txt"
    assert safe is None or paths[0] == safe
    assert all(source.model_dump_json() for source in found)


def test_every_attached_file_is_read_or_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(_message([f"{n}.txt" for n in range(1500)]))
    errors: list[PipelineError] = []
    assert len(list(read_sources(path, on_error=errors.append))) == 1501
    assert errors == []
    monkeypatch.setattr(mail, "MOST_MEMBERS", 1000)
    assert len(list(read_sources(path, on_error=errors.append))) == 1001
    fact = "500 of 1,500 attached files were left out: a message is read up to 1,000"
    assert [(error.place, error.fact) for error in errors] == [(str(path), fact)]


def _nested(depth: int) -> bytes:
    head = b"From: a@b.cn\nMIME-Version: 1.0\n"
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(depth)
    )
    return head + parts + b"\n" + "甲局".encode()


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b"From: a@b.cn\nSubject: x\nMIME-Version: 1.0\n\n\n", "without text"),
        (_nested(3000), "taken apart|without text"),
        (b"From: a@b.cn\nSubject: x\n\n" + bytes(65 << 20), "above the limit"),
    ],
    ids=["empty", "nested", "size"],
)
def test_refusals(tmp_path: Path, data: bytes, fact: str) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=fact):
        list(read_sources(path))


@pytest.mark.parametrize(
    "head",
    [
        'attachment; filename="=?GBK?B?{word}?="',
        'attachment; filename="=?gb2312?B?{half}?= =?gb2312?B?{rest}?="',
        "attachment; filename*=gb18030''{percent}.txt",
        "attachment; filename*=''{percent}.txt",
        "attachment; filename*0*=x-gbk''{percent};\r\n filename*1=\".txt\"",
        'attachment; filename="{raw}"',
        "attachment; filename={raw}",
    ],
)
def test_names_of_attachments_in_gbk(tmp_path: Path, head: str) -> None:
    name = "附件二任务表.txt"
    raw = name.encode("gbk")
    words = {
        "word": base64.b64encode(raw).decode(),
        "half": base64.b64encode(raw[:5]).decode(),
        "rest": base64.b64encode(raw[5:]).decode(),
        "percent": "".join(f"%{byte:02X}" for byte in raw[:-4]),
        "raw": raw.decode("latin-1"),
    }
    message = (
        "From: a@b.cn\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
        "Content-Type: text/plain\r\n\r\nsee\r\n--B\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Disposition: {head.format(**words)}\r\n\r\n1. a\r\n--B--\r\n"
    )
    path = tmp_path / "a.eml"
    path.write_bytes(message.encode("latin-1"))
    assert [(source.path or "").partition("!/")[2] for source in read_sources(path)] == ["", name]
