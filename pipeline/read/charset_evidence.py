"""Recognise encodings that no mark and no declaration names: UTF-16, HZ, Big5; and files cut short.

Every rule is a count of characters of which ordinary Chinese text consists; none compares scores of
likely languages. Bytes for which no rule is certain are left to the strict encodings.
"""

from __future__ import annotations

import re
from itertools import islice

# How many characters are judged; the beginning of a text is like the rest of it.
_SAMPLE = 20_000
_SAMPLE_BYTES = 4 * _SAMPLE
# The shares of ordinary characters that a text has in its own encoding, and lacks in another one.
_ORDINARY, _STRANGE = 0.95, 0.8
# Bytes of another kind often look like one or two characters of an encoding.
_FEWEST = 3
_LONGEST_CHARACTER = 4
_HZ_RUN = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+(?:~\}|\r?\n|\Z)")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_HAN = re.compile("[\u3400-\u9fff]")
# Letters, digits, Chinese marks and full-width forms.
_PLAIN = re.compile("[\t\n\r -~\u00a0\u00b7\u2010-\u2027\u2030-\u203b\u3000-\u3017\uff01-\uff5e]")
# The rows of GB 2312 and Big5 with the characters in common use; rare characters follow them.
_COMMON_ROWS = {"gb2312": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7)}


def wide_encoding(data: bytes) -> str | None:
    """The encoding of Chinese text in UTF-16 without a mark, None for other bytes."""
    head = data[:_SAMPLE_BYTES]
    head = head[: len(head) // 2 * 2]
    if b"\0" not in head:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        if _is_wide_text(text):
            return encoding
    return None


def _is_wide_text(text: str) -> bool:
    """Whether characters are those of a Chinese text or of a page in ASCII characters."""
    sample = text[:_SAMPLE]
    plain = len(_PLAIN.findall(sample))
    han = len(_HAN.findall(sample))
    if not sample or "\0" in sample or plain + han < _ORDINARY * len(sample):
        return False
    return plain > 0 and (han >= _FEWEST or sample.lstrip().startswith("<"))


def is_hz(data: bytes) -> bool:
    """Whether bytes are HZ, Chinese in seven bits: ~{R;!"~}."""
    return b"~{" in data and data.isascii() and _HZ_RUN.search(data) is not None


def decode_hz(data: bytes) -> str | None:
    """The text of bytes in HZ, None where they are something else."""
    try:
        text = data.decode("hz")
    except UnicodeDecodeError:
        return None
    return text if len(_HAN.findall(text)) >= _FEWEST else None


def is_big5(data: bytes, as_gb18030: str) -> bool:
    """Whether bytes that are also valid GB18030 are Big5, given their text in GB18030.

    In Big5 they have to be common characters, in GB18030 mostly rare ones: a text in one encoding that
    is read in the other consists of rare and private characters.
    """
    if common_share(as_gb18030, "gb2312") >= _STRANGE:
        return False
    try:
        text = data.decode("big5hkscs")
    except UnicodeDecodeError:
        return False
    return common_share(text, "big5") >= _ORDINARY and len(_HAN.findall(text)) >= _FEWEST


def common_share(text: str, charset: str) -> float:
    """The share of a text's characters beyond ASCII and Chinese marks that are in common use.

    `charset` is "gb2312" (simplified) or "big5" (traditional); 1 for a text without such characters.
    """
    rows = _COMMON_ROWS[charset]
    sample = text[:_SAMPLE]
    wide = [one for one in sample if not _PLAIN.match(one)]
    known = (one.encode(charset, "ignore")[:1] for one in wide)
    common = sum(bool(first) and first[0] in rows for first in known)
    return common / len(wide) if wide else 1.0


def without_cut_end(data: bytes, encoding: str) -> str | None:
    """The text of a file that was cut inside its last character, without that character.

    None where the bytes are no text of the encoding, also not when up to three are left out.
    """
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        rest = len(data) - error.start
        # No character of the Chinese encodings begins with these bytes.
        is_lead = data[error.start] not in (0x80, 0xFF) or encoding.startswith("utf-16")
        if rest >= _LONGEST_CHARACTER or not is_lead or "incomplete" not in _reason(error):
            return None
        text = data[: error.start].decode(encoding)
        wide = sum(1 for _ in islice((one for one in text if one > "\x7f"), _FEWEST))
        return text if wide >= _FEWEST else None
    return None


def _reason(error: UnicodeDecodeError) -> str:
    """Why bytes are not valid, in one word for the end of the data in all codecs."""
    ends = ("unexpected end of data", "truncated data", "incomplete multibyte sequence")
    return "incomplete" if error.reason in ends else error.reason


def with_line_feeds(text: str) -> str:
    """The text with every kind of line end (CR, NEL, the separators of Unicode) as a line feed."""
    return _LINE_ENDS.sub("\n", text)
