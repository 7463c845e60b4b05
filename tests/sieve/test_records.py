"""Records of archives, whole and damaged: a damaged one costs itself and is named."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from fastwarc.stream_io import ZstdWriter

from pipeline.errors import SourceError
from pipeline.sieve.archives import look_up
from pipeline.sieve.payload import decode_body
from pipeline.sieve.records import Answer, read_answers
from tests.sieve.archives import Record, write_archive

MOST = 2**20
BODY = b"<html><p>" + b"x" * 500
RECORDS = [Record(f"http://a.example/{n}", BODY + b"%d" % n) for n in range(4)]


def read(path: Path, data: bytes, most: int = MOST) -> tuple[list[Answer], list[str]]:
    """The records of an archive, and what was said of it."""
    path.write_bytes(data)
    errors: list[SourceError] = []
    found = [answer for answer, _ in read_answers(look_up(str(path)), most, errors.append)]
    return found, [str(one).replace(str(path), "a.warc") for one in errors]


def pack(parts: list[bytes]) -> bytes:
    return b"".join(map(gzip.compress, parts))


def part(number: int) -> bytes:
    """A record as it is in a plain archive."""
    return write_archive([RECORDS[number]], gzip=False)


def with_length(data: bytes, length: str) -> bytes:
    """A record that says it has another length."""
    head, _, rest = data.partition(b"Content-Length: ")
    return head + b"Content-Length: " + length.encode() + b"\r\n" + rest.partition(b"\r\n")[2]


def zstd(parts: list[bytes]) -> bytes:
    file = io.BytesIO()
    for one in parts:
        writer = ZstdWriter(file)
        writer.write(one)
        writer.finish()
        # What it has not written yet comes when it goes.
        del writer
    return file.getvalue()


@pytest.mark.parametrize("packing", [b"".join, pack, zstd])
def test_whole_archives(tmp_path: Path, packing: Callable[[list[bytes]], bytes]) -> None:
    parts = [part(n) for n in range(4)]
    data = packing(parts)
    path = tmp_path / "a.warc"
    path.write_bytes(data)
    errors: list[SourceError] = []
    found = list(read_answers(look_up(str(path)), MOST, errors.append))
    assert [answer.body for answer, _ in found] == [one.body for one in RECORDS]
    assert {(one.status, one.media_type, one.skipped) for one, _ in found} == {
        ("200", "text/html", "")
    }
    # The place and the length of each record are those of a piece that is read alone.
    for (answer, length), one in zip(found, RECORDS, strict=True):
        alone, _ = read(tmp_path / "b.warc", data[answer.offset : answer.offset + length])
        assert [each.body for each in alone] == [one.body]
    assert errors == []


def test_an_archive_packed_as_one_piece(tmp_path: Path) -> None:
    data = gzip.compress(b"".join(part(n) for n in range(4)))
    found, errors = read(tmp_path / "a.warc", data)
    assert (len(found), errors) == (4, [])
    _, errors = read(tmp_path / "a.warc", data[:-200])
    assert len(errors) == 1


@pytest.mark.parametrize("packing", [b"".join, pack, zstd])
@pytest.mark.parametrize("left", [0.02, 0.3, 0.5, 0.9, 0.99])
def test_a_cut_archive(
    tmp_path: Path, packing: Callable[[list[bytes]], bytes], left: float
) -> None:
    parts = [part(n) for n in range(3)]
    last = packing([part(3)])
    found, errors = read(tmp_path / "a.warc", packing(parts) + last[: int(len(last) * left)])
    assert [one.url[-1] for one in found][:3] == ["0", "1", "2"]
    assert "nothing more can be read behind it; fetch the archive again" in errors[-1]


@pytest.mark.parametrize("packing", [b"".join, pack])
@pytest.mark.parametrize("length", ["10", "400", "700", "5000", "1000000000000", "abc", "-5", ""])
def test_a_wrong_length_costs_its_record(
    tmp_path: Path, packing: Callable[[list[bytes]], bytes], length: str
) -> None:
    parts = [part(n) for n in range(4)]
    parts[1] = with_length(parts[1], length)
    found, errors = read(tmp_path / "a.warc", packing(parts))
    whole = [one.url[-1] for one in found if one.body in {each.body for each in RECORDS}]
    assert [one for one in whole if one != "1"] == ["0", "2", "3"]
    assert any("reading goes on at byte" in one for one in errors)


def test_damaged_bytes_cost_their_record(tmp_path: Path) -> None:
    parts = [gzip.compress(part(n)) for n in range(4)]
    spoilt = bytearray(parts[1])
    spoilt[len(spoilt) // 2] ^= 0xFF
    data = b"".join([parts[0], bytes(spoilt), parts[2], b"garbage" * 9, parts[3]])
    found, errors = read(tmp_path / "a.warc", data)
    assert [one.url[-1] for one in found] == ["0", "2", "3"]
    assert len(errors) >= 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"<html>" * 50, "is no web archive"),
        (gzip.compress(b"<html>" * 50), "Invalid WARC header"),
        (b"WARC/1.0\r\nnonsense\r\n\r\n" * 300, "is damaged at more than 100 places"),
    ],
    ids=["empty", "a page", "a packed page", "nonsense"],
)
def test_what_is_no_archive(tmp_path: Path, data: bytes, words: str) -> None:
    try:
        found, errors = read(tmp_path / "a.warc", data)
    except SourceError as error:
        found, errors = [], [str(error)]
    assert found == []
    assert words in errors[-1]


def test_records_that_are_not_read(tmp_path: Path) -> None:
    html = (("Content-Type", "text/html"),)
    records = [
        Record("http://a.example/r", b"", kind="request"),
        Record("http://a.example/v", b"", kind="revisit"),
        Record("http://a.example/m", b"x", kind="metadata"),
        Record("http://a.example/4", BODY, html, status="404 Not Found"),
        Record("http://a.example/p", BODY, (("Content-Type", "Image/PNG; x=1"),)),
        Record("http://a.example/e", b" \r\n", html),
        Record("http://a.example/l", b"x" * (MOST + 1), html),
        Record("http://a.example/b", gzip.compress(bytes(MOST + 1)), (*html, ("Content-Encoding", "gzip"))),
        Record("http://a.example/t", "文本".encode(), (("Content-Type", "text/plain"),), "conversion"),
    ]  # fmt: skip
    found, errors = read(tmp_path / "a.warc", write_archive(records))
    skipped = [one.skipped for one in found]
    assert skipped[:3] == ["other-record"] * 3
    assert skipped[3:] == ["status", "media-type", "empty", "too-large", "too-large", ""]
    assert (found[-1].is_text, found[-1].body.decode()) == (True, "文本")
    assert errors == []


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(BODY), {"Content-Encoding": "gzip"}),
        (gzip.compress(BODY), {"Content-Encoding": "x-gzip"}),
        # Two members, one behind the other.
        (gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), {"Content-Encoding": "gzip"}),
        (zlib.compress(BODY), {"Content-Encoding": "deflate"}),
        (zlib.compress(BODY)[2:-4], {"Content-Encoding": "deflate"}),
        (brotli.compress(BODY), {"Content-Encoding": "br"}),
        (gzip.compress(zlib.compress(BODY)), {"Content-Encoding": "deflate, gzip"}),
        (chunk(BODY), {"Transfer-Encoding": "chunked"}),
        (chunk(gzip.compress(BODY)), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        # Unpacked on the way, with the headers of what was sent.
        (BODY, {"Content-Encoding": "gzip"}),
        (BODY, {"Content-Encoding": "br"}),
        (BODY, {"Content-Encoding": "zstd", "Transfer-Encoding": "chunked"}),
    ],
    ids=range(12),
)
def test_bodies_are_unpacked(tmp_path: Path, body: bytes, headers: dict[str, str]) -> None:
    record = Record("http://a.example/", body, (("Content-Type", "text/html"), *headers.items()))
    found, errors = read(tmp_path / "a.warc", write_archive([record]))
    assert ([one.body for one in found], errors) == ([BODY], [])


@pytest.mark.parametrize(
    "packed", [gzip.compress(BODY * 99), gzip.compress(BODY) * 99], ids=["one", "many"]
)
def test_a_damaged_body_ends_where_the_damage_is(packed: bytes) -> None:
    spoilt = packed[:-6] + bytes([packed[-6] ^ 0xFF]) + packed[-5:]
    found = decode_body(spoilt, "", "gzip", MOST)
    assert found
    assert (BODY * 99).startswith(found)
    assert len(found) > len(BODY) * 90


def test_a_large_record_passes_through_little_memory(tmp_path: Path) -> None:
    """Many megabytes that the file system need not store, between two pages."""
    path = tmp_path / "a.warc"
    size = 2**27
    head = part(1).partition(BODY)[0]
    head = with_length(head, str(size + len(head.partition(b"\r\n\r\n")[2])))
    with path.open("wb") as file:
        file.write(part(0) + head)
        file.seek(size, io.SEEK_CUR)
        file.write(b"\r\n\r\n" + part(2))
    found = [one for one, _ in read_answers(look_up(str(path)), MOST, lambda _: None)]
    assert [(one.url[-1], one.skipped) for one in found] == [
        ("0", ""),
        ("1", "too-large"),
        ("2", ""),
    ]
