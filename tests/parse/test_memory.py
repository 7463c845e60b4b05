"""Memory of a parse beside the bytes of its text, as Python itself counts it."""

from __future__ import annotations

from benchmarks.measure import kept_bytes
from pipeline.collector import collector_at_rest
from tests.conftest import parse

_ITEMS = 600
# With all that an item was read from in memory until the last one is made, it is 35 times the text.
_MOST = 29


def test_what_an_item_was_read_from_is_let_go() -> None:
    text = "某市2024年重点工作分工\n" + "".join(
        f"{n}．推进第{n}项改革，完善制度，压实责任，确保年底前取得实效。（市财政局牵头，市发展改革委、各县区人民政府配合）\n"
        for n in range(1, _ITEMS + 1)
    )
    with collector_at_rest():
        _, most = kept_bytes(lambda: parse(text))
    assert most < _MOST * len(text.encode())
