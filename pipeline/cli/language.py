"""The language in which this run of the command speaks."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from pipeline.messages.catalogue import load_catalogue
from pipeline.messages.language import (
    LANGUAGES,
    Language,
    choose_by_locale,
    choose_language,
    parse_language,
)

__all__ = ["LANGUAGES", "parse_language"]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.errors import PipelineError

OPTION = "--lang"
_SPOKEN: ContextVar[Language] = ContextVar("language", default="en")


def speak_as_asked(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Speak the language of --lang, else of FENGONG_LANG, else of the locale.

    Raises LanguageError where FENGONG_LANG names no language and no argument names one.
    """
    asked = [parse_language(word) for word in _find_asked(arguments)]
    found = asked[-1] if asked else None
    _SPOKEN.set(found or choose_by_locale(environment))
    if found is None:
        _SPOKEN.set(choose_language(environment))


def _find_asked(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the values of --lang, before the arguments are parsed: errors are in the language, too."""
    for n, word in enumerate(arguments):
        if word == "--":
            return
        if word == OPTION and n + 1 < len(arguments):
            yield arguments[n + 1]
        elif word.startswith(f"{OPTION}="):
            yield word.partition("=")[2]


def spoken() -> Language:
    """Return the language of this run."""
    return _SPOKEN.get()


def translate(text: str) -> str:
    """Return a message in the language of this run."""
    return load_catalogue(spoken()).translate(text)


def describe(error: PipelineError) -> str:
    """Return an error in one line, in the language of this run."""
    return load_catalogue(spoken()).describe(error)


def colon() -> str:
    """Return what stands between a name and its value."""
    return "：" if spoken() == "zh" else ": "


def semicolon() -> str:
    """Return what stands between values of a list in one cell."""
    return "；" if spoken() == "zh" else "; "


def join(parts: Iterable[str]) -> str:
    """Return messages as one line, parted by commas of the language."""
    return ("，" if spoken() == "zh" else ", ").join(map(translate, parts))
