"""Read messages and pages saved as one file (.eml, .mht), and their attachments.

The text of a message is its page part if it has one, else its plain part. Nothing is fetched from
the network.
"""

from __future__ import annotations

import contextlib
import email
import re
from dataclasses import replace
from email.errors import HeaderParseError, MessageError
from email.header import Header, decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime, unquote
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.model import Attachment
from pipeline.read.bundle.members import MOST_MEMBERS, Budget, Member, inner_name
from pipeline.read.charset import decode_page
from pipeline.read.charset_evidence import with_line_feeds
from pipeline.read.document_content import Content
from pipeline.read.web import page
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_MAIL = 64 * 2**20
_NAMELESS = "attachment"
_PAGES = ("text/html", "application/xhtml+xml")
_HEAD = 65536
_LINE = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,76}):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*+\r?\n")
_HEAD_FIELDS = frozenset(
    (
        b"from",
        b"to",
        b"subject",
        b"date",
        b"mime-version",
        b"message-id",
        b"received",
        b"content-type",
    )
)
_BROKEN = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
)


def is_mail(data: bytes) -> bool:
    """Whether bytes begin with the head of a message: at least two of its usual fields."""
    at, found = 0, set()
    if data.startswith(b"From "):
        at = data.find(b"\n") + 1
    while at < _HEAD and (match := _LINE.match(data, at)):
        found.add(match[1].lower())
        at = match.end()
    return len(found & _HEAD_FIELDS) > 1 and (b"mime-version" in found or b"from" in found)


def read(data: bytes, place: Path) -> Content:
    """The content of a message or of a page that was saved as one.

    Raises SourceError for a message above 64 MiB, one that cannot be parsed, and one without
    text.
    """
    message = _parse(data, str(place))
    try:
        content = _content(message, str(place))
        particulars = {**_particulars(message), **content.particulars}
        attached = [
            Attachment(text=name, url=f"{place.name}!/{name}")
            for name, _ in islice(_attached(message), MOST_MEMBERS)
        ]
    except _BROKEN as error:
        raise _refused(place, error) from error
    return replace(
        content,
        particulars=particulars,
        attachments=(*content.attachments, *attached),
        url=_address(message) or content.url,
    )


def members(data: bytes, place: str, budget: Budget) -> Iterator[Member]:
    """The files attached to a message, the first 10,000 of them.

    Raises SourceError as `read` does, and after the last file where others were left out.
    """
    try:
        parts = list(_attached(_parse(data, place)))
    except _BROKEN as error:
        raise _refused(place, error) from error
    for name, part in parts[:MOST_MEMBERS]:

        def read_part(name: str = name, part: Message = part) -> bytes:
            try:
                found = _bytes(part)
            except _BROKEN as error:
                raise _refused(f"{place}!/{name}", error) from error
            budget.spend(len(found), len(found), f"{place}!/{name}")
            return found

        yield Member(name, read_part)
    if len(parts) > MOST_MEMBERS:
        left_out = f"{len(parts) - MOST_MEMBERS:,} of {len(parts):,} attached files were left out"
        fact = f"{left_out}: a message is read up to {MOST_MEMBERS:,}"
        raise SourceError(place, fact, "save them from the mail program and give the folder")


def _refused(place: object, error: Exception) -> SourceError:
    fact = f"a message that cannot be taken apart ({type(error).__name__})"
    return SourceError(place, fact, "save it again from the mail program")


def _parse(data: bytes, place: str) -> Message:
    if len(data) > MAX_MAIL:
        fact = f"a message of {len(data) >> 20} MiB, above the limit of {MAX_MAIL >> 20} MiB"
        raise SourceError(place, fact, "save its attachments and give those")
    try:
        return email.message_from_bytes(data)
    except _BROKEN as error:
        raise _refused(place, error) from error


def _parts(message: Message) -> Iterator[Message]:
    """The parts that are no containers, without those inside attached messages."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting += reversed(_inside(part))
        else:
            yield part


def _inside(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def _bytes(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        return b"".join(one.as_bytes() for one in _inside(part)[:1])
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _content(message: Message, place: str) -> Content:
    """The first page part that has text, the root of the message before others, else plain text."""
    root = message.get_param("start")
    texts = [part for part in _parts(message) if not _is_attached(part)]
    pages = [part for part in texts if part.get_content_type() in _PAGES]
    pages.sort(key=lambda part: bool(root) and part.get("Content-ID") != root)
    error: SourceError | None = None
    for part in pages:
        try:
            data = _bytes(part)
            decoded = decode_page(data, place, part.get_content_charset())
            content = page.to_content(data, decoded, place)
            return replace(content, media_type=message.get_content_type())
        except SourceError as refused:
            error = error or refused
    plain = [part for part in texts if part.get_content_type() == "text/plain"]
    decoded_parts = [decode_page(_bytes(p), place, p.get_content_charset()) for p in plain]
    text = with_line_feeds("\n".join(one.text for one in decoded_parts))
    if not text.strip():
        raise error or SourceError(place, "a message without text", "give what is attached to it")
    return Content(text, message.get_content_type(), decoded_parts[0].encoding)


def _is_attached(part: Message) -> bool:
    if part.get_content_disposition() == "attachment":
        return True
    return bool(_file_name(part)[0]) and part.get_content_maintype() != "text"


def _attached(message: Message) -> Iterator[tuple[str, Message]]:
    """The names and parts of the attached files, without the pictures of the page itself."""
    for part in _parts(message):
        name = _attached_name(part)
        inline = part.get("Content-ID") is not None and part.get_content_maintype() == "image"
        if name and _is_attached(part) and not inline:
            yield _safe_name(name), part


def _attached_name(part: Message) -> str:
    """The name of an attached file; one in no known encoding does not refuse the message."""
    name, charset = _file_name(part)
    try:
        if charset is not None:
            return decode_page(name.encode("latin-1"), "", charset).text if name else ""
        return _decoded(name)
    except (SourceError, UnicodeEncodeError):
        return make_readable(name)


def _file_name(part: Message) -> tuple[str, str | None]:
    """The name in a part's head as it is, and its charset where it is bytes written as in RFC 2231."""
    _mend_head(part)
    for parameter, field in (("filename", "Content-Disposition"), ("name", "Content-Type")):
        found = part.get_param(parameter, None, field)
        if isinstance(found, tuple):
            return unquote(found[2] or ""), found[0] or ""
        if found:
            return unquote(str(found)), None
    return "", None


def _mend_head(part: Message) -> None:
    """Decode raw bytes in the fields with a file's name, for which the library puts marks."""
    for field, value in list(part.raw_items()):
        text = str(value)
        if field.lower() in ("content-disposition", "content-type") and not text.isprintable():
            raw = text.encode("utf-8", "surrogateescape")
            with contextlib.suppress(SourceError):
                part.replace_header(field, decode_page(raw, "").text)


def _safe_name(name: str) -> str:
    """A file's name in its message; of one that points out of it (../x.txt), the last step."""
    try:
        return inner_name(name, "") or _NAMELESS
    except SourceError:
        last = name.replace("\\", "/").rpartition("/")[2].rpartition(":")[2]
        return _NAMELESS if last in ("", ".", "..") else inner_name(last, "")


def _decoded(value: str | Header) -> str:
    """The text of a head field: encoded words decoded, and raw bytes too."""
    pieces = []
    try:
        words_ = decode_header(value)
    except HeaderParseError:
        words_ = [(str(value), None)]
    for piece, charset in words_:
        raw = piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
        pieces.append(decode_page(raw, "", charset).text if raw else "")
    return " ".join("".join(pieces).split())


def _particulars(message: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    title = _decoded(message.get("Subject", ""))
    if title:
        found["title"] = title
    sender = parseaddr(_decoded(message.get("From", "")))[0]
    if sender and not sender.startswith("Saved by"):
        found["source"] = sender
    date = message.get("Date")
    if date and "source" in found:
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            found["published_on"] = parsedate_to_datetime(str(date)).date().isoformat()
    return found


def _address(message: Message) -> str | None:
    """The address of a page saved as a message, from the head of the message or its first part."""
    for part in (message, *islice(_parts(message), 1)):
        for name in ("Snapshot-Content-Location", "Content-Location"):
            address = str(part.get(name) or "").strip()
            if address.startswith(("http://", "https://")):
                return address
    return None
