"""Make names of files and arguments readable, whatever bytes they are.

Python keeps the bytes of a name that it cannot decode as surrogates; those can be opened, but
neither printed nor written. A Chinese archive unpacked on Linux leaves names in GBK.
"""

from __future__ import annotations

import os
import re

_SURROGATE = re.compile("[\ud800-\udfff]")
# A name between marks that are never a byte of a Chinese character in GB18030.
_UNDECODED = re.compile(r"[^\x00-\x2f\x3a-\x3f]*[\ud800-\udfff][^\x00-\x2f\x3a-\x3f]*")


def make_readable(text: str) -> str:
    """Return a text without surrogates: decoded as UTF-8 or GB18030, else with replacement marks."""
    return _UNDECODED.sub(_decode, text) if _SURROGATE.search(text) else text


def _decode(name: re.Match[str]) -> str:
    try:
        raw = os.fsencode(name[0])
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", name[0])
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")
