"""fengong mcp: an OUTPUT as tools for an assistant that speaks the Model Context Protocol."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.cli.usage import UsageError
from pipeline.dataset.record_files import find_record_paths
from pipeline.errors import OutputError

if TYPE_CHECKING:
    import argparse

_COMMAND = "mcp"


def run(args: argparse.Namespace) -> int:
    """Serve an OUTPUT over standard input and output. Raises UsageError, OutputError."""
    if find_spec("mcp") is None:
        remedy = "install it: pip install mcp"
        raise OutputError(_COMMAND, "an assistant needs the extra mcp", remedy)
    for folder in args.folder or ():
        if not folder.is_dir():
            raise UsageError(f"--folder {folder}", "is no folder", "name a folder of documents")
    find_record_paths(args.dataset)
    # What a client asks and is told is UTF-8, whatever the locale of this process is.
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    from pipeline.web.mcp.server import serve  # noqa: PLC0415 - only where the extra is installed

    serve(args.dataset, args.folder or (), is_writable=args.writable)
    return 0
