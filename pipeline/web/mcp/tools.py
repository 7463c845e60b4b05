"""What an assistant may do: search, read an item with its source, compare years, parse a file, correct."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from pipeline.batch.jobs import Job, load_parser, run_job
from pipeline.batch.worker import Worker
from pipeline.dataset.table_rows import notice_rows
from pipeline.decisions.changes import Author, Change
from pipeline.errors import CorrectionError, SourceError
from pipeline.model import Role
from pipeline.web.library import ItemFilter, NotFoundError
from pipeline.web.library.compared import compare
from pipeline.web.library.explained import explain_item
from pipeline.web.review.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.web.library import Library

_ANY: TypeAdapter[Any] = TypeAdapter(Any)
_MOST = 100
_REFUSED = "the file"


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON can say
    return _ANY.dump_python(value, mode="json")


class Tools:
    """The tools over one OUTPUT. Files may be parsed from `folders` alone.

    Each tool raises a PipelineError where what was asked for is not there or cannot be done.
    """

    def __init__(self, library: Library, folders: Sequence[Path] = ()) -> None:
        self._library = library
        self._folders = [folder.resolve() for folder in folders]

    def list_plans(
        self, year: int | None = None, place: str = "", after: str = "", size: int = 50
    ) -> dict[str, Any]:
        """List the plans, newest first, with ids and how many items of each are doubtful.

        `place` is a part of a place's name. Give `next` as `after` for the rest.
        """
        plans = [
            asdict(one)
            for one in self._library.current().plans()
            if year in (None, one.year) and place in one.place
        ]
        ids = [one["notice_id"] for one in plans]
        start = ids.index(after) + 1 if after in ids else 0
        page = plans[start : start + _limit(size)]
        is_more = start + len(page) < len(plans)
        return {
            "total": len(plans),
            "plans": page,
            "next": page[-1]["notice_id"] if page and is_more else None,
        }

    def search_items(  # noqa: PLR0913 - an assistant names what it needs
        self,
        *,
        words: str = "",
        year: int | None = None,
        place: str = "",
        body: str = "",
        leader: str = "",
        role: Role | None = None,
        doubt: str = "",
        after: str = "",
        size: int = 20,
    ) -> dict[str, Any]:
        """Find the tasks of plans by words, year, place, responsible body or leader, best hits first.

        `body` is any name of a body, `role` leader, host or co_host, `doubt` the code of a problem or
        "any". Each hit has its item_id and the sentence with the words. Give `next` as `after` for
        the rest.
        """
        wanted = ItemFilter(
            words=words,
            years=() if year is None else (year,),
            region=place or None,
            unit=body or None,
            leader=leader or None,
            role=role,
            doubt=doubt or None,
        )
        snapshot = self._library.current()
        page = snapshot.items(wanted, after or None, _limit(size))
        hits = [
            {**one.cells, "sentence": one.sentence or None, "state": one.state, "doubt": one.doubt}
            for one in page.rows
        ]
        return {"total": snapshot.facets(wanted).total, "items": hits, "next": page.following}

    def item(self, item_id: str) -> dict[str, Any]:
        """Read one task with the values in force, its words in the source document and its problems.

        `evidence` has the sentence of the source for each responsible name and the deadline.
        """
        found = explain_item(self._library.current(), item_id)
        notice = found.view.notice
        about = {name: getattr(notice, name) for name in ("notice_id", "title", "year", "place")}
        return {
            **about,
            "path": notice.source.path,
            "url": notice.source.url,
            "item": _plain(found.item),
            "state": found.review.state,
            "doubt": found.review.doubt,
            "problems": _plain(found.review.problems),
            "text": found.text,
            "locations": _plain(found.locations),
            "evidence": [one._asdict() for one in found.evidence],
        }

    def compare_years(self, previous: str, current: str) -> dict[str, Any]:
        """Compare two plans by their notice_ids: which tasks went on, changed, ended or are new."""
        made = compare(self._library.current(), previous, current)
        return made.model_dump(mode="json")

    def parse_file(self, path: str) -> dict[str, Any]:
        """Parse a document of this machine into its plan's tasks; nothing is written.

        The file must be in a folder that was allowed when this server was started.
        """
        file = self._allowed(path)
        load_parser()
        with Worker(run_job) as worker:
            outcomes = list(worker.run(Job(str(file), file.name)))
        notices = [one.notice for one in outcomes if one.notice]
        error = next((one.error for one in outcomes if one.error), None)
        if not notices:
            raise error or SourceError(file, "holds no document", "name a document")
        return {"notices": [_plain(notice_rows(one)) for one in notices]}

    def _allowed(self, path: str) -> Path:
        """Return the file of a path in an allowed folder, links followed. Raises SourceError."""
        try:
            file = Path(path).resolve()
            is_allowed = any(file.is_relative_to(folder) for folder in self._folders)
            is_file = is_allowed and file.is_file()
        except (OSError, ValueError):
            is_allowed = is_file = False
        if not is_allowed:
            remedy = "allow its folder with --folder when the server is started"
            raise SourceError(_REFUSED, "is in no folder that may be read", remedy)
        if not is_file:
            raise SourceError(file, "is no file", "check the path")
        return file


class WritingTools:
    """The tool that changes an OUTPUT."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._writer = Writer(library.output, library.refresh, library.find_kept)

    def correct_item(
        self, item_id: str, field: str, value: str, seen: str, who: str, why: str = ""
    ) -> dict[str, Any]:
        """Correct a field of a task as fengong correct does: title, leaders, host_units, deadline …

        Names are joined by 、. `seen` is the value in force that you read, so that nobody's newer
        correction is overwritten; `who` is the person who decided it.
        """
        notice_id = item_id.partition("#")[0]
        if notice_id not in self._library.current().manifest.records:
            raise NotFoundError(item_id, "no notice has this id", "see the list of plans")
        if not who.strip():
            raise CorrectionError(item_id, "nobody is named who corrects it", "write a name")
        by = Author(who.strip(), datetime.now(UTC).date().isoformat(), why.strip())
        conflicts = self._writer.write([Change(item_id, field, value, seen)], by)
        if conflicts:
            fact = f"the value in force is {conflicts[0].now!r}"
            raise CorrectionError(item_id, fact, "read the item again, and decide anew")
        return {"item_id": item_id, "field": field, "value": value}

    def close(self) -> None:
        """Write what waits."""
        self._writer.close()


def _limit(size: int) -> int:
    return max(1, min(size, _MOST))
