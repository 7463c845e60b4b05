"""The index of a static copy: pairs of folded texts, in parts, as numbers that a script reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.web.library import Library
from pipeline.web.page import STATIC
from pipeline.web.site import search_index
from pipeline.web.site.search_data import PART, write_search
from pipeline.web.site.search_index import SearchIndex, fold, split_pairs, write_numbers
from pipeline.web.visible import HIDDEN

_EMPTY = dict.fromkeys(("title", "content", "names", "more", "place", "year"), "")


def read_numbers(text: str) -> list[int]:
    """The numbers of a list, as the script of the page reads them."""
    numbers, number, distance, bits = [], 0, 0, 0
    for sign in text:
        digit = ord(sign) - 0x3F
        distance += (digit & 31) << bits
        bits += 5
        if digit < 32:
            number += distance
            numbers.append(number)
            distance = bits = 0
    return numbers


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("社区", {"社区", "区"}),
        ("社 区　AB", {"社区", "区a", "ab", "b"}),
        ("社，区", {"社", "区"}),
        ("２０２４", {"20", "02", "24", "4"}),
        ("<，>", set()),
    ],
)
def test_a_text_is_split_into_pairs(text: str, pairs: set[str]) -> None:
    assert split_pairs(fold(text)) == pairs


@given(st.sets(st.integers(0, 200_000)))
def test_numbers_are_read_as_they_were_written(numbers: set[int]) -> None:
    written = write_numbers(sorted(numbers))
    assert read_numbers(written) == sorted(numbers)
    assert re.fullmatch(r"[?-~]*", written)


def test_each_pair_is_in_the_part_of_its_first_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_POSTINGS", 2)
    index = SearchIndex()
    index.add({**_EMPTY, "title": "社区食堂"})
    index.add({**_EMPTY, "content": "食堂", "place": "海山区"})
    shards = index.shards()
    assert len(shards) > 2
    found = {pair: read_numbers(one[pair]) for one in shards for pair in one}
    assert found["食堂"] == [0, 1]
    assert found["山区"] == [1]
    assert all(ord(pair[0]) % len(shards) == n for n, one in enumerate(shards) for pair in one)


def test_a_text_ends_no_script(made: Path, tmp_path: Path) -> None:
    library = Library(made, tmp_path / "cache")
    data = write_search(library.current(), tmp_path)
    library.close()
    assert data.items == 18
    assert data.names == ("search/items-0.js", "search/index-0.js")
    for name in data.names:
        text = (tmp_path / name).read_text("utf-8")
        assert "<" not in text
        json.loads(text.partition(" = ")[2].rstrip(";\n"))
    assert data.items <= PART


def test_the_script_shows_the_same_hidden_characters_as_pages() -> None:
    script = (STATIC / "site_search.js").read_text("utf-8")
    (signs,) = re.findall(r"const HIDDEN =\s*/(.+)/gu;", script)
    of_script = re.compile(signs)
    every = map(chr, range(0x110000))
    assert [one for one in every if bool(of_script.match(one)) != bool(HIDDEN.match(one))] == []
