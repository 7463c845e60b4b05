"""Choose the language in which a person is spoken to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Mapping

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
VARIABLE = "FENGONG_LANG"
# Of these the first that is not empty names the locale of messages.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


class LanguageError(PipelineError):
    """The environment names a language that no catalogue has."""


def choose_language(environment: Mapping[str, str]) -> Language:
    """Return the language that FENGONG_LANG names, else that of the locale: Chinese or English.

    Raises LanguageError where FENGONG_LANG names another one.
    """
    wanted = environment.get(VARIABLE, "")
    if wanted:
        found = parse_language(wanted)
        if found is None:
            raise LanguageError(VARIABLE, f"{wanted!r} is no language of fengong", "write zh or en")
        return found
    return choose_by_locale(environment)


def choose_by_locale(environment: Mapping[str, str]) -> Language:
    """Return Chinese for a Chinese locale, else English, as for C and POSIX."""
    locale = next(filter(None, (environment.get(name) for name in _LOCALE)), "C")
    return parse_language(locale) or "en"


def parse_language(word: str) -> Language | None:
    """Parse the name of a language or a locale: zh, zh_CN.UTF-8, zh-Hans, en_US; None for others."""
    name = word.replace("-", "_").partition(".")[0].partition("_")[0].lower()
    return next((one for one in LANGUAGES if one == name), None)
