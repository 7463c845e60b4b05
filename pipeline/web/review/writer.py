"""Write what people decide: one thread, which joins corrections that wait into one write of the dataset."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from itertools import takewhile
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pipeline.dataset.edited_items import EDIT_KINDS
from pipeline.decisions.changes import find_conflicts, make_changes
from pipeline.decisions.concerned import apply_concerned, read_concerned
from pipeline.decisions.corrections import correct
from pipeline.decisions.overlay import all_or_nothing
from pipeline.errors import OutputError, PipelineError
from pipeline.web.library.request_error import ClosingError
from pipeline.web.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pipeline.decisions.changes import Author, Change, Conflict
    from pipeline.decisions.concerned import Concerned, FindKept
    from pipeline.decisions.correction import Correction

_T = TypeVar("_T")
LOG = logging.getLogger("fengong.web")
# So many people's corrections become one write; more notices at once are written another way.
_MOST_TOGETHER = 12


class Task(NamedTuple):
    """What one person changes at once; `done` gets the conflicts, none where all was written."""

    changes: Sequence[Change]
    by: Author
    done: Future[list[Conflict]]


class Job(NamedTuple):
    """Anything else that is written: `work` is given the wait for other runs, `done` gets what it returns."""

    work: Callable[[Waiting], Any]
    done: Future[Any]


class Writer:
    """Writes what people decide at a desk, in the order in which it comes, one write after the other.

    Nobody holds a thread of the server while he waits: he is given a future. `after` is called behind
    each write, before anybody is told, so that the pages that follow show it. A record that
    `find_kept` has need not be read.
    """

    def __init__(
        self, output: Path, after: Callable[[], object], find_kept: FindKept | None = None
    ) -> None:
        self._output = output
        self._after = after
        self._find_kept = find_kept
        self._queued: SimpleQueue[Task | Job | None] = SimpleQueue()
        self._ending = Lock()
        self._is_open = True
        self._waiting = Waiting()
        self._thread = Thread(target=self._run, name="fengong-writer", daemon=True)
        self._thread.start()

    @property
    def is_waiting(self) -> bool:
        """Whether what is to be written waits for another run on the OUTPUT."""
        return self._waiting.is_waiting

    def submit(self, changes: Sequence[Change], by: Author) -> Future[list[Conflict]]:
        """Have changes written; the future gives the conflicts, with which nothing of them is written.

        It raises CorrectionError for a change that cannot be made, OutputError.
        """
        done: Future[list[Conflict]] = Future()
        self._put(Task(changes, by, done))
        return done

    def submit_job(self, work: Callable[[Waiting], _T]) -> Future[_T]:
        """Have something else written, alone; the future gives or raises what `work` does."""
        done: Future[_T] = Future()
        self._put(Job(work, done))
        return done

    def _put(self, task: Task | Job) -> None:
        # Whoever gives up waiting for it cannot take it back: it may be half written.
        task.done.set_running_or_notify_cancel()
        with self._ending:
            if self._is_open:
                self._queued.put(task)
            else:
                task.done.set_exception(self._closing_error())

    def write(self, changes: Sequence[Change], by: Author) -> list[Conflict]:
        """Write changes and wait for it: see `submit`."""
        return self.submit(changes, by).result()

    def give_up(self) -> None:
        """Take nothing more, and tell those who wait for another run that nothing of theirs is written."""
        with self._ending:
            if self._is_open:
                self._is_open = False
                self._queued.put(None)
        self._waiting.is_given_up = True

    def close(self) -> None:
        """Write what waits, unless it waits for another run, and end."""
        self.give_up()
        self._thread.join()

    def _closing_error(self) -> ClosingError:
        fact = "the desk is being closed; this was not written"
        return ClosingError(self._output, fact, "send it again when the desk is open")

    def _run(self) -> None:
        left: list[Task | Job] = []
        is_open = True
        while is_open or left:
            if not left:
                first = self._queued.get()
                if first is None:
                    return
                left = [first]
            while len(left) < _MOST_TOGETHER:
                try:
                    more = self._queued.get_nowait()
                except Empty:
                    break
                if more is None:
                    is_open = False
                    break
                left.append(more)
            left = self._write_next(left)
            self._waiting.is_waiting = False

    def _write_next(self, queued: list[Task | Job]) -> list[Task | Job]:
        """Write the first of those that are queued, and what can be joined with it; return the others."""
        first = queued[0]
        if isinstance(first, Job):
            self._do(first)
            return queued[1:]
        tasks = list(takewhile(lambda one: isinstance(one, Task), queued))
        together, later = choose_together([one for one in tasks if isinstance(one, Task)])
        self._write_together(together)
        return [*later, *queued[len(tasks) :]]

    def _do(self, job: Job) -> None:
        try:
            result = job.work(self._waiting)
        except BaseException as error:  # noqa: BLE001 - it is raised again by whoever waits for it
            job.done.set_exception(self._explain(error))
            return
        self._refresh()
        job.done.set_result(result)

    def _write_together(self, tasks: Sequence[Task]) -> None:
        """Write tasks at once; where that fails each alone, so that one person's fault stops nobody else."""
        try:
            results = write_tasks(self._output, tasks, self._waiting, self._find_kept)
        except BaseException as error:  # noqa: BLE001 - it is raised again by whoever waits for it
            if len(tasks) == 1:
                tasks[0].done.set_exception(self._explain(error))
                return
            for task in tasks:
                self._write_together([task])
            return
        self._refresh()
        for task, result in zip(tasks, results, strict=True):
            if isinstance(result, PipelineError):
                task.done.set_exception(result)
            else:
                task.done.set_result(result)

    def _explain(self, error: BaseException) -> BaseException:
        """Return the error of a write; one that waited when the desk was closed says so."""
        was_waiting = self._waiting.is_waiting and self._waiting.is_given_up
        return self._closing_error() if was_waiting and isinstance(error, OutputError) else error

    def _refresh(self) -> None:
        try:
            self._after()
        except Exception:
            # It is written; a page that cannot be brought up to date says so itself. The thread must
            # live on: whoever corrects waits for it.
            LOG.exception("the desk cannot be brought up to date")


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


def write_tasks(
    output: Path, tasks: Sequence[Task], waiting: Waiting, find_kept: FindKept | None = None
) -> list[list[Conflict] | PipelineError]:
    """Write tasks that do not depend on each other at once; return what came of each.

    Raises OutputError and whatever else stops the write; then nothing is written.
    """
    ids = list(dict.fromkeys(one.item_id for task in tasks for one in task.changes))
    with waiting.lock(output):
        concerned = read_concerned(output, ids, (), find_kept)
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
