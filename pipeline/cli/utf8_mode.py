"""Run the command in Python's UTF-8 mode, whatever the locale is.

Names of our own files are Chinese: a locale without these characters could not write them, and one
with another encoding would give them other bytes. The terminal keeps its own encoding.
"""

from __future__ import annotations

import os
import sys


def start_in_utf8() -> None:
    """Start this process anew in UTF-8 mode unless names of files are UTF-8 already.

    Arguments keep their bytes. Does not return where it starts the process anew.
    """
    if sys.flags.utf8_mode or sys.getfilesystemencoding() == "utf-8" or os.name != "posix":
        return
    shown = sys.stdout.encoding if sys.stdout else None
    if shown and shown not in ("ascii", "US-ASCII", "ANSI_X3.4-1968"):
        os.environ.setdefault("PYTHONIOENCODING", shown)
    # An option, for PYTHONUTF8 has no effect on an isolated Python.
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606
