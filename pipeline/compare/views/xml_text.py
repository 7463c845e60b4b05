"""Text as XML allows it."""

from __future__ import annotations

import re

# Characters that XML does not allow, however they are written: controls, U+FFFE, half a pair.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """A text in which every character that XML does not allow is U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)
