"""Messages and pages saved as one file."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline import read_source, read_sources
from pipeline.errors import SourceError
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
