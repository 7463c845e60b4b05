"""Stream the records of a web archive: WARC or WET, plain or packed, never more than one in memory.

A damaged record costs itself: reading goes on at the next one that can be found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipeline.errors import SourceError
from pipeline.sieve.archives import Section, open_archive
from pipeline.sieve.packing import find_cut, find_next, find_packing
from pipeline.sieve.payload import decode_body

if TYPE_CHECKING:
    from pipeline.sieve.archives import Archive
    from pipeline.sieve.packing import Packing

Skip = Literal["", "other-record", "status", "media-type", "empty", "too-large"]

# An archive that is damaged at more places is no archive.
_MOST_DAMAGES = 100
# Types of what is no document, whatever its bytes.
_NO_DOCUMENT = (
    *("image/", "video/", "audio/", "font/", "text/css"),
    *("text/javascript", "application/javascript", "application/x-javascript"),
)
_ANSWERS = (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.conversion)
_AGAIN = "fetch the archive again"


class Answer(NamedTuple):
    """A record of an archive: its address, its place there, and the bytes of its document.

    `skipped` says why these were not read, `size` is that of the unpacked record. Times, types and
    statuses are texts, as archived.
    """

    url: str
    offset: int
    size: int = 0
    skipped: Skip = ""
    body: bytes = b""
    retrieved_at: str = ""
    status: str = ""
    media_type: str = ""
    is_text: bool = False


class _DamageError(Exception):
    """A record that cannot be read, or is not as long as it says."""

    def __init__(self, at: int, fact: str) -> None:
        super().__init__(fact)
        self.at = at
        self.fact = fact


def read_answers(
    archive: Archive, most: int, report: Callable[[SourceError], None]
) -> Iterator[tuple[Answer, int]]:
    """Yield every record of an archive and how many bytes it takes there, 0 where that is not known.

    Damaged records are reported, those of more than `most` bytes not read. Raises SourceError where the
    archive cannot be opened or not be read on.
    """
    with open_archive(archive) as file:
        packing = find_packing(archive, file)
        start, stop, damages = 0, archive.size, 0
        while start < archive.size:
            before: Answer | None = None
            damage = None
            try:
                for answer in _read_from(file, range(start, stop), most):
                    if before:
                        yield before, answer.offset - before.offset
                    before = answer
                _check_end(file, range(start, stop), before, packing)
            except _DamageError as error:
                damage = error
            if before:
                yield before, max(0, (damage.at if damage else stop) - before.offset)
            if damage:
                damages += 1
                following = find_next(file, damage.at + 1, archive.size, packing)
                report(_tell_damage(archive, damage, following))
                start = archive.size if following is None else following
            else:
                start = stop
            stop = archive.size
            if damages and packing == "zstd":
                # Of several frames together FastWARC would give none before one that is damaged.
                stop = find_next(file, start + 1, archive.size, packing) or archive.size
            if damages > _MOST_DAMAGES:
                fact = f"is damaged at more than {_MOST_DAMAGES} places, the rest is not read"
                raise SourceError(archive.address, fact, _AGAIN)


def _read_from(file: BinaryIO, part: range, most: int) -> Iterator[Answer]:
    """Yield the records in a part of an archive. Raises _DamageError at one that cannot be read."""
    at = part.start
    try:
        for record in ArchiveIterator(Section(file, part.start, part.stop), parse_http=False):
            at = record.stream_pos
            yield _read_record(record, most)
    except OSError as error:
        if error.errno is not None:
            # The system failed, and not the library at what it read.
            raise
        fact = f"this record or what follows it cannot be read ({error})"
        raise _DamageError(at, fact) from error


def _read_record(record: WarcRecord, most: int) -> Answer:
    """Read a record, unless it is no answer, or one that can be no document."""
    headers = record.headers
    url = (headers.get("WARC-Target-URI") or "").strip("<>")
    date = headers.get("WARC-Date") or ""
    answer = Answer(url, record.stream_pos, record.content_length, retrieved_at=date)
    if not (headers.get("Content-Length") or "").strip().isdecimal():
        raise _DamageError(record.stream_pos, "a record that does not say how long it is")
    if record.record_type not in _ANSWERS:
        return answer._replace(skipped="other-record")
    media_type = headers.get("Content-Type") or ""
    status, chunked, packed = "", "", ""
    if record.is_http:
        record.parse_http()
        http = record.http_headers
        status, media_type = str(http.status_code or ""), http.get("Content-Type") or ""
        chunked, packed = http.get("Transfer-Encoding") or "", http.get("Content-Encoding") or ""
    answer = answer._replace(
        status=status,
        media_type=media_type.partition(";")[0].strip().lower(),
        is_text=record.record_type == WarcRecordType.conversion,
    )
    if status and not status.startswith("2"):
        return answer._replace(skipped="status")
    if answer.media_type.startswith(_NO_DOCUMENT):
        return answer._replace(skipped="media-type")
    return _read_body(record, answer, (chunked, packed), most)


def _read_body(record: WarcRecord, answer: Answer, codings: tuple[str, str], most: int) -> Answer:
    length = record.content_length
    if length > most:
        return answer._replace(skipped="too-large")
    raw = record.reader.read()
    if len(raw) < length:
        fact = f"a record that says it has {length:,} bytes, of which {len(raw):,} are there"
        raise _DamageError(answer.offset, fact)
    body = decode_body(raw, *codings, most)
    if body is None:
        return answer._replace(skipped="too-large")
    return answer._replace(body=body, skipped="empty" if not body or body.isspace() else "")


def _check_end(file: BinaryIO, part: range, last: Answer | None, packing: Packing) -> None:
    """Raise _DamageError where a part ends inside its last record, or the last one hides others."""
    if last is None:
        raise _DamageError(part.start, "no record")
    cut = find_cut(file, last.offset, part.stop, packing)
    if cut is not None:
        raise _DamageError(cut, "a record that is cut: the archive ends inside it")
    hidden = last.skipped == "too-large"
    if hidden and find_next(file, last.offset + 1, part.stop, packing) is not None:
        raise _DamageError(last.offset, "a record that says it is longer than it is")


def _tell_damage(archive: Archive, damage: _DamageError, following: int | None) -> SourceError:
    place = f"{archive.address}@{damage.at}"
    fact = f"{damage.fact}; nothing more can be read behind it"
    if following is not None:
        fact = f"{damage.fact}; reading goes on at byte {following}"
    return SourceError(place, fact, _AGAIN)
