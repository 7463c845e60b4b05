"""fengong export, load, search: an OUTPUT as other programs take it, and what a store tells."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.terminal import console, say

if TYPE_CHECKING:
    import argparse

    from rich.text import Text

    from pipeline.store.queries import Hit, Result

STORE = "fengong.sqlite"
_STOPS = "。；;"


def export(args: argparse.Namespace) -> int:
    """Write an OUTPUT in one format."""
    if args.to == "xlsx":
        from pipeline.cli.ledgers import export_ledger  # noqa: PLC0415

        return export_ledger(args)
    if args.to == "sqlite":
        return _load(args.output, str(args.target or args.output / STORE), args.notice)
    from pipeline.cli.files import export_files  # noqa: PLC0415

    return export_files(args)


def load(args: argparse.Namespace) -> int:
    """Load an OUTPUT into a store."""
    return _load(args.output, args.store or str(args.output / STORE), None)


def _load(output: Path, place: str, chosen: list[str] | None) -> int:
    from pipeline.dataset.folder import read_chosen  # noqa: PLC0415
    from pipeline.store import Store, load_notices, load_output  # noqa: PLC0415
    from pipeline.store.datasette import write_metadata  # noqa: PLC0415

    with Store(place) as store:
        if chosen:
            loaded = load_notices(read_chosen(output, chosen), store)
        else:
            loaded = load_output(output, store)
        shown = store.shown
    told = ", ".join(f"{len(ids)} {word}" for word, ids in asdict(loaded).items() if ids)
    if "://" not in place:
        say(f"datasette {place} -m {write_metadata(Path(place))} shows it in a browser")
    say(f"{told or 'nothing'}; {shown}")
    return 0


def search(args: argparse.Namespace) -> int:
    """Print the items of a store that are asked for."""
    from pipeline.store import Query, Store  # noqa: PLC0415
    from pipeline.store import search as find  # noqa: PLC0415

    query = Query(
        tuple(args.words),
        tuple(args.year or ()),
        args.region,
        args.unit,
        args.leader,
        args.role,
    )
    if not any((query.words, query.years, query.region, query.unit, query.leader, query.role)):
        say("name words, or a --unit, --leader, --role, --year or --region")
        return 2
    if args.leader and not args.unit and args.role not in (None, "leader"):
        say(f"--leader with --role {args.role}: a leader leads; ask for a --unit in this role")
        return 2
    with Store(args.store, read_only=True) as store:
        result = find(store, query, args.limit or None)
    if args.json:
        print(json.dumps(_told(result), ensure_ascii=False, indent=1))
    else:
        for hit in result.hits:
            _show(hit)
    more = "more than " if result.is_more else ""
    shown = f", the first {len(result.hits)} shown" if result.total > len(result.hits) else ""
    say(f"{more}{result.total} items{shown}")
    return 0


def _told(result: Result) -> dict[str, object]:
    """A result as JSON tells it."""
    hits = [
        {
            **{key: value for key, value in hit.item.items() if key != "id"},
            "field": hit.field or None,
            "sentence": hit.sentence or None,
            "marks": hit.marks,
        }
        for hit in result.hits
    ]
    return {"total": result.total, "is_more": result.is_more, "hits": hits}


def _show(hit: Hit) -> None:
    """A hit: its item, who has it, and the sentence with the words marked."""
    from rich.text import Text  # noqa: PLC0415

    from pipeline.model import Item  # noqa: PLC0415

    row, titles = hit.item, Item.model_fields
    about = (str(row["year"] or ""), row["region"], row["plan_title"], row["label"])
    lines = [Text(" ".join(filter(None, about)), style="dim")]
    lines[0].append(f" {row['title']}", style="bold not dim")
    for name in ("leaders", "host_units", "co_host_units", "path", "fields", "content"):
        label = f"    {titles[name].title}："
        if hit.field == name and hit.sentence.strip(_STOPS) != row["title"].strip(_STOPS):
            lines.append(_marked(label, hit))
        elif row[name] and name in ("leaders", "host_units", "co_host_units"):
            lines.append(Text(label + row[name]))
    lines.append(Text(f"    {row['item_id']}", style="dim"))
    terminal = console(100)
    for line in lines:
        terminal.print(line, soft_wrap=True)


def _marked(label: str, hit: Hit) -> Text:
    """The sentence of a hit, its words in colour, or in brackets where there is none."""
    from rich.text import Text  # noqa: PLC0415

    shown = Text(label)
    at = 0
    plain = not sys.stdout.isatty() or "NO_COLOR" in os.environ
    for start, end in hit.marks:
        word = hit.sentence[start:end]
        shown.append(hit.sentence[at:start])
        shown.append(f"【{word}】" if plain else word, style="bold red")
        at = end
    return shown.append(hit.sentence[at:])
