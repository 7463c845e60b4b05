"""fengong site: the pages of the desk as plain files."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.cli.language import spoken
from pipeline.cli.terminal import say
from pipeline.dataset.record_files import find_record_paths
from pipeline.errors import OutputError

if TYPE_CHECKING:
    import argparse

_COMMAND = "site"


def run(args: argparse.Namespace) -> int:
    """Write the copy. Raises OutputError, StoreError."""
    if any(find_spec(name) is None for name in ("fastapi", "multipart")):
        remedy = "install it: pip install fastapi python-multipart uvicorn"
        raise OutputError(_COMMAND, "the desk needs the extra web", remedy)
    from pipeline.web.site.copying import write_site  # noqa: PLC0415 - only with the extra

    find_record_paths(args.dataset)
    made = write_site(args.dataset, args.folder, spoken())
    say(f"{made.pages} pages in {args.folder}, {len(made.gone)} files of an earlier copy removed")
    for address in made.failed:
        say(f"warning: the page {address} could not be copied")
    return 0
