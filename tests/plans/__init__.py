"""Plans written from known records over every carrier, layout, numbering, width and damage.

`write_plan(seed, carrier, layout)` draws a document and the records that a careful reader gives
it; `CELLS` are the pairs that make sense, `AMBIGUOUS` those where a reader could not be sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.plans import carriers, layouts, tables
from tests.plans.draft import Task, Writer

# A list that ends without a mark and a task that begins without a number cannot be parted there.
_UNSURE_WITHOUT_NUMBERS = ("one line", "wrapped")

CELLS: tuple[tuple[str, str], ...] = (
    *(
        (carrier, layout)
        for carrier in carriers.PROSE
        for layout in layouts.PROSE
        if carrier != "unnumbered" or layout not in _UNSURE_WITHOUT_NUMBERS
    ),
    *((kind, layout) for kind in tables.KINDS for layout in tables.FLATTENED),
)
AMBIGUOUS: tuple[tuple[str, str], ...] = (
    *(("unnumbered", layout) for layout in _UNSURE_WITHOUT_NUMBERS),
    *(
        (carrier, "eaten number")
        for carrier in ("own line", "run on", "round verbs", "round labels")
    ),
    *((kind, layout) for kind in tables.KINDS for layout in tables.LOST),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A written document, what is known of its tasks, and how it was drawn."""

    text: str
    tasks: tuple[Task, ...]
    ordered: bool
    carrier: str
    layout: str
    scheme: str
    width: str
    damage: str


def write_plan(seed: int, carrier: str, layout: str) -> Plan:
    """The plan of a seed in a cell; the same arguments give the same document."""
    chance = Random(f"{seed} {carrier} {layout}")  # noqa: S311 - draws words, keeps no secret
    w = Writer(chance)
    width = chance.choice(("full", "half", "half", "wide"))
    damage = chance.choice((*layouts.DAMAGES, *["none"] * len(layouts.DAMAGES)))
    if carrier in carriers.PROSE:
        draft = carriers.PROSE[carrier](w)
        text = (layouts.PROSE | layouts.LOST)[layout](w, draft.paragraphs())
    else:
        draft, grids = tables.KINDS[carrier](w)
        flatten = (tables.FLATTENED | tables.LOST)[layout]
        text = "\n".join(flatten(w, grid) for grid in grids)
        # Bars and rules are drawn with narrow marks, and what follows a cell could be one.
        width = "half" if width == "wide" else width
        damage = "none" if damage == "furniture" else damage
    text = text.translate(layouts.WIDTHS[width])
    if damage != "none":
        text = layouts.DAMAGES[damage](w, text)
    return Plan(
        text, tuple(draft.tasks), draft.ordered, carrier, layout, draft.scheme, width, damage
    )
