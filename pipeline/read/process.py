"""Run a program in a process of its own, limited in time and without a network."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

from pipeline.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TIMEOUT = 120.0
# Seconds of processor time: LibreOffice takes 1.5 s for an ordinary file; a damaged one keeps it busy for ever.
_BUSY, _BUSY_A_MIB = 12, 10
# A proxy on a closed port: whatever a program wants to fetch, it gets no answer.
_CLOSED_PROXY = "127.0.0.1:9"
# How the shell ends where a program is none, or is not there.
_NOT_STARTED = (126, 127)
_STOPPING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_NO_NETWORK = dict.fromkeys(
    ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _CLOSED_PROXY
)


def run_program(command: list[str], place: Path, folder: Path, size: int = 0) -> bytes:
    """The standard output of a program that runs in a folder, for a document of so many bytes.

    The program and all its children are killed when the call ends. Raises SourceError where it
    cannot be started, where it takes longer than TIMEOUT seconds, and where it takes more processor
    time than such a document may; `place` is the document that the error names.
    """
    busy = _BUSY + _BUSY_A_MIB * size // 2**20
    spent = _time_of_programs()
    # A signal that stops the run waits until the program is known, and can be killed.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        with _start(_limited(command, busy), place, folder) as program:
            try:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                printed = program.communicate(timeout=TIMEOUT)[0]
            except subprocess.TimeoutExpired as error:
                fact = f"the converter took longer than {TIMEOUT:.0f} s"
                raise SourceError(place, fact, "save the document as .docx") from error
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(program.pid, signal.SIGKILL)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    if program.returncode in _NOT_STARTED:
        raise SourceError(place, f"{command[0]} cannot be started", "install it again")
    if program.returncode and _time_of_programs() - spent > busy - 1:
        fact = f"the converter was busy for more than {busy} s"
        raise SourceError(place, fact, "it may be damaged: save it in a newer format")
    return printed


def _time_of_programs() -> float:
    """The processor time of all programs that this process has run to their end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _limited(command: list[str], busy: int) -> list[str]:
    """The same command, which the system ends after so many seconds of processor time."""
    program = shutil.which(command[0])
    if not program:
        return command
    return ["/bin/sh", "-c", 'ulimit -t "$0"; exec "$@"', str(busy), program, *command[1:]]


def _start(command: list[str], place: Path, folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | _NO_NETWORK | {"HOME": str(folder), "TMPDIR": str(folder)}
    try:
        with _memory_of_its_own():
            return subprocess.Popen(  # noqa: S603 - found on PATH, given a copy named by us
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
    except OSError as error:
        fact = f"{command[0]} cannot be started ({error.strerror})"
        raise SourceError(place, fact, "install it again") from error


@contextlib.contextmanager
def _memory_of_its_own() -> Iterator[None]:
    """Let a program that is started inherit no limit of memory that is this process's alone."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
