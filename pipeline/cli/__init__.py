"""The command line: run the command that the arguments name, and return its exit code.

Only this package prints. Data go to files or stdout, messages to stderr. Exit codes: 0 done, 1 a
source or an output failed (the rest was done), 2 wrong usage, 3 an alarm: nothing failed, and yet a
site or a plan is so unlike before that a person should look.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.arguments import make_parser
from pipeline.cli.language import OPTION, speak_as_asked
from pipeline.cli.stop_signals import Stopped, raise_on_signals
from pipeline.cli.streams import discard, prepare_streams
from pipeline.cli.terminal import say, say_error
from pipeline.cli.usage import UsageError
from pipeline.cli.utf8_mode import start_in_utf8
from pipeline.errors import PipelineError
from pipeline.messages.language import LanguageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

# A full disk, a quota, a size limit, a broken device, a descriptor that is closed.
_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})

# The commands that make an OUTPUT where there is none.
_MAKES_OUTPUT = ("parse_command", "crawl_command", "cluster_command")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code.

    Without `argv`, as a program of its own, it runs in Python's UTF-8 mode.
    """
    if argv is None:
        start_in_utf8()
    prepare_streams()
    words = sys.argv[1:] if argv is None else argv
    try:
        with raise_on_signals():
            return _run_and_flush(words)
    except Stopped as stopped:
        say(f"stopped by {stopped.name}; what was written is whole")
        return int(stopped.code or 1)
    except KeyboardInterrupt:
        say("stopped; what was written is whole")
        return 130
    except BrokenPipeError:
        discard(sys.stdout)
        return 1
    except UnicodeEncodeError as error:
        # Our own names of files are Chinese; no other text is encoded by the locale.
        fact = f"the encoding {error.encoding} of this locale has no such characters"
        say_error(PipelineError(error.object, fact, "set PYTHONUTF8=1"))
        return 1
    except OSError as error:
        _say_failure(error)
        return 1


def _say_failure(error: OSError) -> None:
    """Say at which file the system failed; without one it is stdout, or a file that is not known."""
    strerror = error.strerror or error
    if error.filename is not None:
        fact = f"cannot be used ({strerror})"
        say_error(PipelineError(error.filename, fact, "check rights and free space"))
    elif error.errno in _UNWRITABLE:
        discard(sys.stdout)
        remedy = "open it" if error.errno == errno.EBADF else "check free space"
        say_error(PipelineError("stdout", f"cannot be written ({strerror})", remedy))
    else:
        say_error(
            PipelineError("a file", f"cannot be used ({strerror})", "check rights and free space")
        )


def _run_and_flush(words: Sequence[str]) -> int:
    try:
        speak_as_asked(words, os.environ)
        return _parse_and_run(words)
    except (LanguageError, UsageError) as error:
        say_error(error)
        return 2
    except PipelineError as error:
        say_error(error)
        return 1
    finally:
        # What is still buffered fails here, where it becomes a message, and not at exit.
        sys.stdout.flush()


def _parse_and_run(words: Sequence[str]) -> int:
    if not words or (
        words[0].partition("=")[0] == OPTION and len(words) <= 2 - words[0].count("=")
    ):
        return int(import_module("pipeline.cli.first_steps").show_first_steps(Path()))
    parser = make_parser()
    parser.check_words(words)
    args = parser.parse_args(words)
    with _lock(getattr(args, "output", None), create=args.module in _MAKES_OUTPUT):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    """Import the module of a command and run it; the modules of other commands cost their start."""
    if "lexicon" in args:
        from pipeline.lexicon import lay_over  # noqa: PLC0415

        # The parser makes its patterns of the tables when it is imported.
        lay_over(args.lexicon)
    return int(import_module(f"pipeline.cli.{args.module}").run(args))


def _lock(output: Path | None, *, create: bool) -> AbstractContextManager[None]:
    """Keep other runs out of an OUTPUT while this one reads and writes it."""
    if output is None:
        return nullcontext()
    from pipeline.dataset.output_lock import lock_output  # noqa: PLC0415

    return lock_output(output, say, create=create)
