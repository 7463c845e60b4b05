"""Write corrections: one thread joins those that wait into one write of the dataset."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.edited_items import EDIT_KINDS
from pipeline.dataset.output_lock import lock_output
from pipeline.decisions.changes import find_conflicts, make_changes
from pipeline.decisions.concerned import apply_concerned, read_concerned
from pipeline.decisions.corrections import correct
from pipeline.decisions.overlay import all_or_nothing
from pipeline.errors import OutputError, PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pipeline.decisions.changes import Author, Change, Conflict
    from pipeline.decisions.concerned import Concerned
    from pipeline.decisions.correction import Correction

LOG = logging.getLogger("fengong.web")
# So many people's corrections become one write; more notices at once are written another way.
_MOST_TOGETHER = 12


class Task(NamedTuple):
    """What one person changes at once; `done` gets the conflicts, none where all was written."""

    changes: Sequence[Change]
    by: Author
    done: Future[list[Conflict]]


class Writer:
    """Writes the corrections of a desk, in the order in which they come.

    Whoever asks waits until what he decided is on the disk. `after` is called behind each write, before
    anybody is told, so that the pages that follow show it.
    """

    def __init__(self, output: Path, after: Callable[[], object]) -> None:
        self._output = output
        self._after = after
        self._waiting: SimpleQueue[Task | None] = SimpleQueue()
        self._ending = Lock()
        self._is_open = True
        self._thread = Thread(target=self._run, name="fengong-writer", daemon=True)
        self._thread.start()

    def write(self, changes: Sequence[Change], by: Author) -> list[Conflict]:
        """Write changes; return the conflicts, with which nothing of them is written.

        Raises CorrectionError for a change that cannot be made, OutputError.
        """
        task = Task(changes, by, Future())
        with self._ending:
            if not self._is_open:
                raise OutputError(self._output, "the desk is being closed", "start it again")
            self._waiting.put(task)
        return task.done.result()

    def close(self) -> None:
        """Write what waits, and end."""
        with self._ending:
            self._is_open = False
            self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        left: list[Task] = []
        is_open = True
        while is_open or left:
            if not left:
                first = self._waiting.get()
                if first is None:
                    return
                left = [first]
            while len(left) < _MOST_TOGETHER:
                try:
                    more = self._waiting.get_nowait()
                except Empty:
                    break
                if more is None:
                    is_open = False
                    break
                left.append(more)
            together, left = choose_together(left)
            self._write_together(together)

    def _write_together(self, tasks: Sequence[Task]) -> None:
        """Write tasks at once; where that fails each alone, so that one person's fault stops nobody else."""
        try:
            results = write_tasks(self._output, tasks)
        except BaseException as error:  # noqa: BLE001 - it is raised again by whoever waits for it
            if len(tasks) == 1:
                tasks[0].done.set_exception(error)
                return
            for task in tasks:
                self._write_together([task])
            return
        try:
            self._after()
        except Exception:
            # It is written; a page that cannot be brought up to date says so itself. The thread must
            # live on: whoever corrects waits for it.
            LOG.exception("the desk cannot be brought up to date")
        for task, result in zip(tasks, results, strict=True):
            if isinstance(result, PipelineError):
                task.done.set_exception(result)
            else:
                task.done.set_result(result)


def choose_together(tasks: Sequence[Task]) -> tuple[list[Task], list[Task]]:
    """Part tasks into those of the next write and those behind it.

    A task that depends on what an earlier one leaves (the same field, or items that an edit makes)
    waits for the next write, and so do all tasks on that notice behind it.
    """
    together: list[Task] = []
    later: list[Task] = []
    taken: set[tuple[str, str]] = set()
    held: set[str] = set()
    for task in tasks:
        keys = {(one.item_id, one.field) for one in task.changes}
        notices = {item_id.partition("#")[0] for item_id, _ in keys}
        edited = {notice for notice in notices if (notice, "*") in taken}
        edits = any(one.field in EDIT_KINDS for one in task.changes)
        touched = {item_id.partition("#")[0] for item_id, _ in taken}
        if notices & held or edited or keys & taken or (edits and notices & touched):
            later.append(task)
            held |= notices
            continue
        together.append(task)
        taken |= keys
        if edits:
            taken |= {(notice, "*") for notice in notices}
    return together, later


def write_tasks(output: Path, tasks: Sequence[Task]) -> list[list[Conflict] | PipelineError]:
    """Write tasks that do not depend on each other at once; return what came of each.

    Raises OutputError and whatever else stops the write; then nothing is written.
    """
    ids = list(dict.fromkeys(one.item_id for task in tasks for one in task.changes))
    with lock_output(output, lambda _: None):
        concerned = read_concerned(output, ids, ())
        results: list[list[Conflict] | PipelineError] = []
        made: list[Correction] = []
        undone: list[tuple[str, str]] = []
        for task in tasks:
            try:
                conflicts = list(find_conflicts(concerned.notices, task.changes))
                if not conflicts:
                    made += make_changes(output, concerned, task.changes, task.by)
                    undone += _list_undone(task.changes)
                results.append(conflicts)
            except PipelineError as error:
                results.append(error)
        if made or undone:
            _write(output, concerned, made, undone)
    return results


def _list_undone(changes: Iterable[Change]) -> list[tuple[str, str]]:
    return [(one.item_id, one.field) for one in changes if one.is_undo]


def _write(
    output: Path, concerned: Concerned, made: list[Correction], undone: list[tuple[str, str]]
) -> None:
    errors: list[PipelineError] = []
    with all_or_nothing(output):
        correct(output, concerned.notices, made, undone, concerned.origins)
        apply_concerned(output, concerned, errors.append)
        # A notice that cannot be written leaves all decisions as they were.
        for error in errors:
            raise error
