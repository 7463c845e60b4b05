"""The language of a page: asked for in the address, kept in a cookie, else preferred by the browser."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.messages.catalogue import load_catalogue
from pipeline.messages.language import Language, parse_language

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

LANGUAGE_COOKIE = "fengong_lang"
_DEFAULT: Language = "zh"


def choose_page_language(request: HTTPConnection) -> Language:
    """Return the language of ?lang=, of the cookie, of Accept-Language; else Chinese."""
    for word in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        found = parse_language(word) if word else None
        if found:
            return found
    return _find_preferred(request.headers.get("accept-language", "")) or _DEFAULT


def _find_preferred(header: str) -> Language | None:
    """Return the first language of ours by weight: "fr, en;q=0.8, zh;q=0.9" -> zh."""
    weighed: list[tuple[float, Language]] = []
    for one in header[:500].split(","):
        name, _, weight = one.strip().partition(";q=")
        language = parse_language(name.strip())
        try:
            share = float(weight or 1)
        except ValueError:
            continue
        if language and share > 0:
            weighed.append((share, language))
    return max(weighed, key=lambda one: one[0])[1] if weighed else None


@lru_cache(maxsize=20_000)
def translate_to(language: Language, text: str) -> str:
    """Return a message in a language; what was said before is found again at once."""
    return load_catalogue(language).translate(text)
