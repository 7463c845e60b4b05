"""Load records into a store, for fengong load and fengong export --to sqlite."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.language import join, translate
from pipeline.cli.terminal import say, say_error
from pipeline.dataset.record_files import read_chosen
from pipeline.store import Store, load_notices, load_output
from pipeline.store.datasette import write_metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.errors import PipelineError

_FATES_MESSAGES = {
    "added": "{count} added",
    "updated": "{count} updated",
    "unchanged": "{count} unchanged",
    "retired": "{count} retired",
    "held": "{count} held",
}
# The file of an OUTPUT's own store.
STORE = "fengong.sqlite"


def load_into(place: str, output: Path, chosen: Sequence[str]) -> int:
    """Load an OUTPUT, or chosen notices of it, into a file or the URL of a database."""
    errors: list[PipelineError] = []
    with Store(place) as store:
        if chosen:
            loaded = load_notices(read_chosen(output, chosen, errors.append), store)
        else:
            loaded = load_output(output, store)
        shown, is_file = store.shown, store.is_file
    for error in (*errors, *loaded.held):
        say_error(error)
    fates = {one.name: len(getattr(loaded, one.name)) for one in fields(loaded)}
    counts = [_FATES_MESSAGES[fate].format(count=count) for fate, count in fates.items() if count]
    if is_file:
        metadata = write_metadata(Path(place))
        say(f"to see it in a browser: datasette {place} -m {metadata}")
    say(f"in the store {shown}: {join(counts) or translate('nothing is new')}")
    return 1 if errors or loaded.held else 0
