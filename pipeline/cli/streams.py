"""The standard streams: writable whatever the locale is, and there even if they were closed."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


def prepare_streams() -> None:
    """Replace streams that were closed, and let the others show any character.

    Writing to a stdout that was closed fails as on a full disk; stderr has nobody to read it.
    """
    # In this order: each takes the lowest number that is free, which is its own.
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), "r")
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def discard(stream: TextIO) -> None:
    """Let Python write what is left in a stream's buffer into nothing when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
