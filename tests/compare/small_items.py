"""Items made by hand, of which only the compared fields are given."""

from __future__ import annotations

from pipeline.model import Deadline, Item, Name, Span

NOWHERE = Span(start=0, end=0)


def item(
    content: str = "加强监管。",
    *,
    item_id: str = "a#1",
    path: tuple[str, ...] = (),
    deadline: tuple[str, str | None] | None = None,
    hosts: tuple[str, ...] = (),
    co_hosts: tuple[str, ...] = (),
) -> Item:
    """An item; `deadline` is its phrase and day."""
    return Item(
        item_id=item_id, title="", content=content, path=path, span=NOWHERE,
        host_units=_units(hosts), co_host_units=_units(co_hosts),
        deadline=Deadline(text=deadline[0], span=NOWHERE, due=deadline[1]) if deadline else None,
    )  # fmt: skip


def _units(names: tuple[str, ...]) -> tuple[Name, ...]:
    return tuple(Name(text=one, span=NOWHERE, name=one, kind="unit") for one in names)
