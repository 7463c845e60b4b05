"""Keep a fetched notice: files in raw/, a WARC of its answers, rows in SOURCES.csv, in this order.

A run that is killed in between leaves files that no row names; they are noted beforehand in the state,
and the next run removes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.batch.origins import Origin, add_origins, read_origins
from pipeline.crawl.addresses import parse_address
from pipeline.crawl.describe import Described, describe_notice, folder_of
from pipeline.crawl.new_files import name_part, remove_file, write_new
from pipeline.crawl.notices import name_of
from pipeline.crawl.page_check import suffix_of
from pipeline.crawl.warc import warc_bytes
from pipeline.dataset.output_lock import lock_output
from pipeline.errors import PipelineError, SourceError
from pipeline.read.web import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.crawl.notices import FetchedNotice
    from pipeline.crawl.state import Journal

_MOST_NAMES = 10_000


class Places(NamedTuple):
    """The folder raw/ and the folder of WARC files; `say` is told of other runs at work."""

    raw: Path
    warcs: Path
    say: Callable[[str], None]


@dataclass(slots=True)
class Kept:
    """What became of a fetched notice: `added`, `changed` (a new version) or `unchanged`.

    `path` is that of its page in raw/, `retrieved_at` when that version came; `errors` are of its files that could not be fetched or read.
    """

    url: str
    fate: str
    path: str
    files: list[str] = field(default_factory=list)
    described: Described = field(default_factory=Described)
    retrieved_at: str = ""
    errors: list[PipelineError] = field(default_factory=list)


def _no_note(kept: Kept) -> str:
    del kept
    return ""


def tidy(places: Places, journal: Journal) -> list[str]:
    """Remove the files that a killed run wrote and did not enter into SOURCES.csv.

    Returns what was to be noted of a notice whose files are in SOURCES.csv: it was kept. Raises
    OutputError where SOURCES.csv cannot be read: nothing is removed, and nothing could be entered.
    """
    finished: list[str] = []
    begun = journal.begun()
    # Also where nothing was begun: a table that cannot be read is told before any site is asked.
    read_origins(places.raw)
    if begun:
        with lock_output(places.raw, places.say, create=True, is_passing=True):
            origins = read_origins(places.raw)
            warcs = {one.warc for one in origins.values()}
            for path, note in begun:
                kind, _, name = path.partition(":")
                if name in origins and note:
                    finished.append(note)
                if kind == "raw" and name not in origins:
                    remove_file(places.raw / name)
                elif kind == "warc" and name not in warcs:
                    remove_file(places.warcs / name)
            journal.end()
    return list(dict.fromkeys(finished))


def keep_notice(
    notice: FetchedNotice, places: Places, journal: Journal, note: Callable[[Kept], str] = _no_note
) -> Kept:
    """Keep a notice unless raw/ has it with the same text and the same attachments.

    `note` returns what `tidy` returns where this run is killed when the notice is kept. Raises
    OutputError where raw/ cannot be written or its SOURCES.csv cannot be read.
    """
    with lock_output(places.raw, places.say, create=True, is_passing=True):
        origins = read_origins(places.raw)
        earlier = _find_earlier(notice, origins)
        if earlier and _is_same(notice, earlier, origins, places.raw):
            return Kept(
                notice.page.url,
                "unchanged",
                earlier.path,
                errors=list(notice.errors),
                retrieved_at=earlier.retrieved_at,
            )
        staged = _name_files(notice, "page")
        description = describe_notice(notice, staged)
        described = description.described
        host = parse_address(notice.page.final_url).host
        folder = folder_of(described, host, notice.page.retrieved_at)
        paths = _find_free(notice, described, folder, places.raw, origins)
        warc = _name_warc(notice, places.warcs, host)
        kept = Kept(
            notice.page.url,
            "changed" if earlier else "added",
            paths[0],
            paths[1:],
            described,
            notice.page.retrieved_at,
            [*notice.errors, *description.errors],
        )
        journal.begin([*(f"raw:{one}" for one in paths), f"warc:{warc}"], note(kept))
        for path, answer in zip(paths, notice.answers, strict=True):
            write_new(places.raw / path, answer.body)
        write_new(places.warcs / warc, warc_bytes(notice.answers))
        add_origins(places.raw, _make_rows(notice, paths, warc))
        journal.end()
    return kept


def _find_earlier(notice: FetchedNotice, origins: dict[str, Origin]) -> Origin | None:
    """Return the newest row of a notice's page."""
    addresses = {notice.page.url, notice.page.final_url}
    own = [
        one
        for one in origins.values()
        if not one.part_of and (one.url in addresses or one.final_url in addresses)
    ]
    return max(own, key=lambda one: (one.retrieved_at, one.path), default=None)


def _is_same(notice: FetchedNotice, earlier: Origin, origins: dict[str, Origin], raw: Path) -> bool:
    """Answer whether the kept version has the same text and the same attachments.

    Attachments that cannot be fetched now are no change.
    """
    kept = {one.url: one.sha256 for one in origins.values() if one.part_of == earlier.path}
    now = {one.answer.url: one.answer.sha256 for one in notice.files}
    if any(kept.get(url) != digest for url, digest in now.items()):
        return False
    if not notice.errors and set(kept) - set(now):
        return False
    if earlier.sha256 == notice.page.sha256:
        return True
    return bool(notice.text) and notice.text == _read_text(raw / earlier.path)


def _read_text(path: Path) -> str:
    try:
        return page.read(path.read_bytes(), path).text
    except (OSError, SourceError):
        return ""


def _name_files(notice: FetchedNotice, stem: str) -> list[str]:
    """Return the names of the files of a notice, which are unlike each other."""
    names = [f"{stem}{suffix_of(notice.page)}"]
    for number, one in enumerate(notice.files, 1):
        own = name_of(one.label, one.answer.final_url)
        names.append(f"{stem}-附件{number}{suffix_of(one.answer, own)}")
    return names


def _find_free(
    notice: FetchedNotice,
    described: Described,
    folder: str,
    raw: Path,
    origins: dict[str, Origin],
) -> list[str]:
    """Return paths below raw/ at which nothing is yet, for the page and its attachments."""
    title = described.title or notice.title
    last = Path(parse_address(notice.page.final_url).url.split("?")[0]).stem
    stem = name_part(title[:40], name_part(last, "page"))
    for number in range(1, _MOST_NAMES):
        own = stem if number == 1 else f"{stem}-{number}"
        paths = [f"{folder}/{one}" for one in _name_files(notice, own)]
        if not any(one in origins or (raw / one).exists() for one in paths):
            return paths
    raise SourceError(folder, "has no free name for another version", "look through the folder")


def _name_warc(notice: FetchedNotice, warcs: Path, host: str) -> str:
    """Return the name of a WARC file that is not there yet."""
    day = notice.page.retrieved_at[:10].replace("-", "")
    stem = f"{name_part(host, 'site')}/{day}-{notice.page.sha256[:12]}"
    for number in range(1, _MOST_NAMES):
        name = f"{stem}.warc.gz" if number == 1 else f"{stem}-{number}.warc.gz"
        if not (warcs / name).exists():
            return name
    raise SourceError(stem, "has no free name for another version", "look through the folder")


def _make_rows(notice: FetchedNotice, paths: list[str], warc: str) -> list[Origin]:
    return [
        Origin(
            path=path,
            url=answer.url,
            retrieved_at=answer.retrieved_at,
            sha256=answer.sha256,
            media_type=answer.media_type,
            status=str(answer.status),
            final_url=answer.final_url,
            part_of="" if path == paths[0] else paths[0],
            warc=warc,
        )
        for path, answer in zip(paths, notice.answers, strict=True)
    ]
