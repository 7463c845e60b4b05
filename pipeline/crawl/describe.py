"""What a fetched notice is: its body, year and plan, read in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.batch.jobs import Job, load_parser, run_job
from pipeline.batch.worker import Worker
from pipeline.crawl.new_files import name_part
from pipeline.errors import PipelineError, hold_errors
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.crawl.notices import FetchedNotice


@dataclass(frozen=True, slots=True)
class Described:
    """A notice in short, or an error of one of its files. Texts are empty where nothing tells them."""

    title: str = ""
    body: str = ""
    year: str = ""
    items: int = 0
    is_plan: bool = False
    problems: tuple[tuple[str, str], ...] = ()
    error: PipelineError | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What a notice is, and the errors of files in it that cannot be read."""

    described: Described
    errors: tuple[PipelineError, ...]


def _describe(job: Job) -> Iterator[Described]:
    """Yield what the notice of a job is; the work of the child process."""
    for outcome in run_job(job):
        if outcome.error:
            yield Described(error=outcome.error)
        elif outcome.notice:
            one = outcome.notice
            day = one.published_on or one.issued_on or ""
            codes = tuple(dict.fromkeys((each.code, each.severity) for each in one.problems))
            yield Described(
                one.title or one.notice_title or "",
                one.issuing_body or one.region or "",
                str(one.year or day[:4]),
                len(one.items),
                all(code != "not-a-plan" for code, _ in codes),
                codes,
            )


def describe_notice(notice: FetchedNotice, names: list[str]) -> Description:
    """Read a fetched notice from files of these names in a folder of its own, and say what it is."""
    errors: list[PipelineError] = []
    found: list[Described] = []
    load_parser()
    with scratch_folder() as folder, Worker(_describe) as worker:
        job = _stage(notice, names, folder)
        with hold_errors(notice.page.final_url, errors.append):
            for one in worker.run(job):
                if one.error:
                    errors.append(one.error)
                else:
                    found.append(one)
        places = dict(zip(names, (one.url for one in notice.answers), strict=True))
        named = tuple(_rename(error, folder, places) for error in errors)
    best = max(found, key=lambda one: (one.items, one.is_plan), default=Described())
    return Description(best, named)


def _rename(error: PipelineError, folder: Path, places: dict[str, str]) -> PipelineError:
    """Return an error that names the address of a file, not its place for a moment."""
    place = error.place.replace(f"{folder.as_posix()}/", "")
    name, mark, inner = place.partition("!/")
    return type(error)(f"{places.get(name, name)}{mark}{inner}", error.fact, error.remedy)


def _stage(notice: FetchedNotice, names: list[str], folder: Path) -> Job:
    jobs = []
    for name, answer in zip(names, notice.answers, strict=True):
        (folder / name).write_bytes(answer.body)
        jobs.append(Job(str(folder / name), name, answer.final_url, answer.retrieved_at))
    return Job(jobs[0].place, names[0], jobs[0].url, jobs[0].retrieved_at, tuple(jobs[1:]))


def folder_of(described: Described, host: str, retrieved_at: str) -> str:
    """Return the folder of a notice in raw/: its body and its year, else its host and this year."""
    return (
        f"{name_part(described.body, name_part(host, 'site'))}/{described.year or retrieved_at[:4]}"
    )
