"""Show characters that would steer a page or be seen as nothing, as what they are."""

from __future__ import annotations

import re

# Must match: marks that turn the direction of writing, controls, blanks of no width, half a surrogate pair.
# Must not match: a tab, a line feed, an ideographic blank.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064"
    "\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# A list of titles stays a list where an item is a million characters on one line.
_LONGEST = 240


def show_hidden(text: str) -> str:
    """Return a text without hidden characters: U+202E becomes ⟦202E⟧."""
    return HIDDEN.sub(lambda match: f"⟦{ord(match[0]):04X}⟧", text)


def shorten(text: str) -> str:
    """Return a text as a list shows it: of one that never ends its first characters and "…"."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
