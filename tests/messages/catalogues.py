"""The catalogues as files: .po, which people edit, and .mo, which the program reads."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from pipeline.messages.catalogue import DOMAIN, LOCALE
from pipeline.messages.language import LANGUAGES, Language
from tests.messages.collect import Text

__all__ = ["LANGUAGES"]

# The same messages are the same bytes.
_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_NARROW = re.compile(r"(?<=[\u4e00-\u9fff”}])[,:;()]|[,:;()](?=[\u4e00-\u9fff“])")
_WIDE = str.maketrans(",:;()", "，：；（）")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def path_of(language: Language, suffix: str) -> Path:
    """Return the path of a language's catalogue, .po or .mo."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}{suffix}"


def read_catalogue(language: Language) -> Catalog:
    """Read the .po of a language; an empty one where there is none."""
    path = path_of(language, ".po")
    if not path.exists():
        return _make(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _make(language: Language) -> Catalog:
    return Catalog(
        locale=language, project=DOMAIN, version="1", creation_date=_DAY, revision_date=_DAY,
        header_comment="# Messages of fengong. Edit msgstr; `make messages` does the rest.",
        copyright_holder="The fengong project", last_translator="The fengong project",
        language_team=language, msgid_bugs_address="-", fuzzy=False,
    )  # fmt: skip


def is_said_in(text: str, language: Language) -> bool:
    """Whether a message in the code is in a language already."""
    return bool(_HAN.search(text)) == (language == "zh")


def _say_at_first(template: str, language: Language) -> str:
    """Return what a new message is in a language: itself, or nothing where it needs a translation."""
    if not is_said_in(template, language):
        return ""
    return widen(template) if language == "zh" else template


def widen(text: str) -> str:
    """Return a message with marks of full width where they stand beside Chinese: 可指: -> 可指："""
    return _NARROW.sub(lambda match: match[0].translate(_WIDE), text)


def make_catalogue(language: Language, messages: Iterable[Text]) -> Catalog:
    """Return the catalogue of a language with exactly these messages and their translations so far."""
    known = read_catalogue(language)
    made = _make(language)
    for one in sorted(messages):
        before = known.get(one.template)
        kept = str(before.string) if before is not None and before.string else ""
        translation = kept or _say_at_first(one.template, language)
        made.add(one.template, translation, locations=[(one.place.partition(":")[0], 1)])
    return made


def update(language: Language, messages: Iterable[Text]) -> Catalog:
    """Write the .po of a language with exactly these messages; return it."""
    catalogue = make_catalogue(language, messages)
    path = path_of(language, ".po")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_po(catalogue))
    return catalogue


def to_po(catalogue: Catalog) -> bytes:
    """Return a catalogue as the bytes of a .po file."""
    written = io.BytesIO()
    write_po(written, catalogue, width=100, sort_output=True, include_lineno=False)
    return written.getvalue()


def to_mo(catalogue: Catalog) -> bytes:
    """Return a catalogue as the bytes of a .mo file."""
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def write_compiled(language: Language, catalogue: Catalog) -> None:
    """Write the .mo of a language."""
    path_of(language, ".mo").write_bytes(to_mo(catalogue))


def find_missing(catalogue: Catalog) -> Iterator[str]:
    """Yield the messages without a translation, and fuzzy ones."""
    for message in catalogue:
        if message.id and (not message.string or message.fuzzy):
            yield str(message.id)
