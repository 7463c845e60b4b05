"""fengong search: the items of a store by words, units, leaders, years."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rich.text import Text

from pipeline.cli.language import colon, translate
from pipeline.cli.terminal import make_console, print_json, printable, say, say_errors
from pipeline.cli.usage import UsageError
from pipeline.errors import hold_errors
from pipeline.model import Item, fields_of
from pipeline.store import Query, Store, search

if TYPE_CHECKING:
    import argparse

    from pipeline.store.queries import Hit, Result

_COMMAND = "search"
_STOPS = "。；;"


def run(args: argparse.Namespace) -> int:
    """Print the items of a store that are asked for."""
    query = Query(
        tuple(args.words),
        tuple(args.year or ()),
        args.region,
        args.unit,
        args.leader,
        args.role,
    )
    if not any((query.words, query.years, query.region, query.unit, query.leader, query.role)):
        remedy = "name words, or a --unit, --leader, --role, --year or --region"
        raise UsageError(_COMMAND, "nothing is named to look for", remedy)
    if args.leader and not args.unit and args.role not in (None, "leader"):
        place = f"--leader --role {args.role}"
        raise UsageError(place, "a leader leads", "ask for a --unit in this role")
    with Store(args.store, read_only=True) as store:
        result = search(store, query, args.limit or None)
    errors = list(result.errors)
    if args.json:
        print_json(_to_json(result))
    else:
        for hit in result.hits:
            shown = ""
            with hold_errors(hit.item["item_id"], errors.append):
                shown = _render_hit(hit)
            # Outside: a stdout that cannot be written is no fault of the item.
            sys.stdout.write(shown)
    count = (
        f"more than {result.total} items found" if result.is_more else f"{result.total} items found"
    )
    is_cut = result.total > len(result.hits)
    say(count, *([f"the first {len(result.hits)} shown"] if is_cut else []))
    return say_errors(errors)


def _to_json(result: Result) -> dict[str, object]:
    """Return what --json prints."""
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


def _render_hit(hit: Hit) -> str:
    """Return a hit for the terminal: its item, who is responsible, and the sentence with the words marked."""
    row, titles = hit.item, fields_of(Item)
    about = (str(row["year"] or ""), row["region"], row["plan_title"], row["label"])
    lines = [Text(printable(" ".join(filter(None, about))), style="dim")]
    lines[0].append(printable(f" {row['title']}"), style="bold not dim")
    for name in ("leaders", "host_units", "co_host_units", "path", "fields", "content"):
        title = titles[name].title or ""
        label = f"    {translate(title)}{colon()}"
        if hit.field == name and hit.sentence.strip(_STOPS) != row["title"].strip(_STOPS):
            lines.append(_mark_words(label, hit))
        elif row[name] and name in ("leaders", "host_units", "co_host_units"):
            lines.append(Text(printable(label + row[name])))
    lines.append(Text(printable(f"    {row['item_id']}"), style="dim"))
    terminal = make_console(100)
    with terminal.capture() as captured:
        for line in lines:
            terminal.print(line, soft_wrap=True)
    return str(captured.get())


def _mark_words(label: str, hit: Hit) -> Text:
    """Return the sentence of a hit, its words in colour, or in 【】 where there is no colour."""
    shown = Text(label)
    at = 0
    plain = not sys.stdout.isatty() or "NO_COLOR" in os.environ
    for start, end in hit.marks:
        word = printable(hit.sentence[start:end])
        shown.append(printable(hit.sentence[at:start]))
        shown.append(f"【{word}】" if plain else word, style="bold red")
        at = end
    return shown.append(printable(hit.sentence[at:]))
