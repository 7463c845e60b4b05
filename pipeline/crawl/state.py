"""What is known of watched sites, in a SQLite file: it survives a run that is killed.

A run that was killed is continued: what it has asked is not asked again.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, NamedTuple, Self

from pipeline.crawl.lists import Entry
from pipeline.errors import CrawlError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SCHEMA = """
create table if not exists runs (id integer primary key, started text, finished text);
create table if not exists writing (path text primary key, note text);
create table if not exists pages (
  url text primary key, site text, title text, date text, etag text, modified text, outcome text,
  path text, items integer, told text, checked_at text, run integer, is_listed integer);
create table if not exists lists (
  url text primary key, site text, etag text, modified text, entries text, run integer);
create table if not exists sites (site text primary key, found integer, walked_at text);
create table if not exists told (notice_id text primary key, title text, url text, told_at text, words text);
create table if not exists alarms (run integer, site text, words text, primary key (run, site, words));
"""


class Run(NamedTuple):
    """A run: its number, when it began, ISO, and whether it was killed and goes on."""

    number: int
    started: str
    is_continued: bool


class ToldNotice(NamedTuple):
    """A notice that a digest told: its id, title, address, when, ISO, and what the feed says of it."""

    notice_id: str
    title: str
    url: str
    told_at: str
    words: str


@dataclass(frozen=True, slots=True)
class PageState:
    """A page as it was last asked: `outcome` is its fate, `told` what a report says of it.

    `run` is the run that asked it, `checked_at` when its bytes were last seen or told to be the same, ISO, `is_listed` 1
    where it is on the site's list and 0 where it is there no more.
    """

    url: str
    site: str
    title: str = ""
    date: str = ""
    etag: str = ""
    modified: str = ""
    outcome: str = ""
    path: str = ""
    items: int = 0
    told: str = ""
    checked_at: str = ""
    run: int = 0
    is_listed: int = 1


@dataclass(frozen=True, slots=True)
class ListState:
    """A page of a list as it was last asked, with its entries."""

    url: str
    site: str
    etag: str
    modified: str
    entries: tuple[Entry, ...]
    run: int


_PAGE = [one.name for one in fields(PageState)]


class Journal:
    """The files that are being written; a killed run leaves them here."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def begin(self, paths: Iterable[str], note: str) -> None:
        """Remember files before they are written, and what is to be noted once they are there."""
        self.db.execute("begin")
        self.db.executemany(
            "insert or ignore into writing values (?, ?)", [(one, note) for one in paths]
        )
        self.db.execute("commit")

    def end(self) -> None:
        """Forget the files that were being written."""
        self.db.execute("delete from writing")

    def begun(self) -> list[tuple[str, str]]:
        """Return the files that a killed run was writing, with what was to be noted."""
        return list(self.db.execute("select path, note from writing order by path"))


class State:
    """The file of the state; every change is written at once. Leaving the context closes it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises CrawlError where it is none of ours."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            try:
                self._db.executescript(_SCHEMA)
                # A file of another version has other columns.
                self._db.execute(f"select {', '.join(_PAGE)} from pages limit 0")  # noqa: S608
            except sqlite3.Error:
                self._db.close()
                raise
            self.journal = Journal(self._db)
        except (sqlite3.Error, OSError) as error:
            fact = f"cannot be used as a state ({error})"
            raise CrawlError(path, fact, "name another folder by --state") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def start_run(self, now: str) -> Run:
        """Begin a run, or go on with the one that was killed."""
        row = self._db.execute(
            "select id, started from runs where finished is null order by id desc"
        ).fetchone()
        if row:
            return Run(row[0], row[1], is_continued=True)
        made = self._db.execute("insert into runs (started) values (?)", (now,))
        return Run(int(made.lastrowid or 0), now, is_continued=False)

    def finish_run(self, run: int, now: str) -> None:
        """Note that a run came to its end."""
        self._db.execute("update runs set finished = ? where id = ?", (now, run))

    def page(self, url: str) -> PageState | None:
        """Return what is known of a page."""
        names = ", ".join(_PAGE)
        row = self._db.execute(f"select {names} from pages where url = ?", (url,)).fetchone()  # noqa: S608
        return PageState(*row) if row else None

    def save_page(self, page: PageState) -> None:
        """Keep what is known of a page."""
        marks = ", ".join("?" for _ in _PAGE)
        self._db.execute(
            f"insert or replace into pages ({', '.join(_PAGE)}) values ({marks})",  # noqa: S608
            list(asdict(page).values()),
        )

    def pages_of(self, site: str) -> list[PageState]:
        """Return the pages of a site by address."""
        names = ", ".join(_PAGE)
        found = self._db.execute(
            f"select {names} from pages where site = ? order by url",  # noqa: S608
            (site,),
        )
        return [PageState(*row) for row in found]

    def list_page(self, url: str) -> ListState | None:
        """Return what is known of a page of a list; `url` may have a number for a posted page."""
        row = self._db.execute(
            "select url, site, etag, modified, entries, run from lists where url = ?", (url,)
        ).fetchone()
        if row is None:
            return None
        entries = tuple(Entry(*one) for one in json.loads(row[4]))
        return ListState(row[0], row[1], row[2], row[3], entries, row[5])

    def save_list(self, page: ListState) -> None:
        """Keep what is known of a page of a list."""
        self._db.execute(
            "insert or replace into lists values (?, ?, ?, ?, ?, ?)",
            (page.url, page.site, page.etag, page.modified, json.dumps(page.entries), page.run),
        )

    def found_before(self, site: str) -> tuple[int, str] | None:
        """Return how many notices a site's lists had, and when they were walked whole, ISO."""
        row = self._db.execute(
            "select found, walked_at from sites where site = ?", (site,)
        ).fetchone()
        return (int(row[0]), str(row[1])) if row else None

    def save_found(self, site: str, found: int, walked_at: str) -> None:
        """Keep how many notices the lists of a site have."""
        self._db.execute("insert or replace into sites values (?, ?, ?)", (site, found, walked_at))

    def add_alarms(self, run: int, site: str, alarms: Iterable[str]) -> None:
        """Keep alarms of a run, so that a run that goes on tells them too."""
        rows = [(run, site, one) for one in alarms]
        self._db.executemany("insert or ignore into alarms values (?, ?, ?)", rows)

    def alarms(self, run: int, site: str) -> list[str]:
        """Return the alarms of a site in a run."""
        found = self._db.execute(
            "select words from alarms where run = ? and site = ? order by rowid", (run, site)
        )
        return [row[0] for row in found]


class Told:
    """Which notices digests have told, in the file of the state; leaving the context closes it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises CrawlError where it is none of ours."""
        self._state = State(path)
        self._db = self._state.journal.db

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def ids(self) -> set[str]:
        """Return the ids of the notices that were told."""
        return {row[0] for row in self._db.execute("select notice_id from told")}

    def latest(self, most: int) -> list[ToldNotice]:
        """Return the notices that a digest told last, the newest first, without those told by none."""
        found = self._db.execute(
            "select notice_id, title, url, told_at, words from told where words != ''"
            " order by told_at desc, notice_id limit ?",
            (most,),
        )
        return [ToldNotice(*row) for row in found]

    def add(self, notices: Iterable[ToldNotice]) -> None:
        """Note notices as told, all or none; those without words are old ones that no digest tells."""
        self._db.execute("begin")
        rows = [tuple(one) for one in notices]
        self._db.executemany("insert or replace into told values (?, ?, ?, ?, ?)", rows)
        self._db.execute("commit")
