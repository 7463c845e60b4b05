"""Read the leaders of a table's cell, where a blank or a line sets a name apart from its posts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.names.leaders import is_person, is_post, split_leaders
from pipeline.names.lists import NameInList, NameList
from pipeline.names.units import is_unit

# 张三, 王五(副区长); the first character of a padded name (李 四) takes the next piece with it.
_PIECE = re.compile(
    r"(?<![\u4e00-\u9fff·])[\u4e00-\u9fff][ \t]+[\u4e00-\u9fff]{1,2}(?![\u4e00-\u9fff·(])"
    r"|[^、,;/\s()]+(?:\([^()]*\))?"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8}){1,3}")
_PADDED = re.compile(r"[\u4e00-\u9fff][ \t]+[\u4e00-\u9fff]{1,2}")
# 县教育局局长: a post behind the unit that has it.
_POST_OF_UNIT = re.compile(
    rf"(?P<unit>[\u4e00-\u9fff]{{3,16}}?)(?:{alternation(words('unit_words', 'post'))})+"
)
_BRACKET = re.compile(r"\([^()]*\)$")
_BETWEEN = frozenset(" \t\n、,;/")

_Kind = Literal["person", "post"]


class _Piece(NamedTuple):
    kind: _Kind
    name: NameInList


@lru_cache(1 << 12)
def read_leader_cell(cell: str) -> NameList | None:
    """The persons of a cell with their posts, at offsets in it; None where a piece is neither.

    "张三 副区长" -> 张三 with 副区长; "张三 李四" -> two persons;
    "张三 市公安局局长 李四" -> 张三 with 市公安局局长, and 李四.
    """
    if not _BETWEEN.isdisjoint(cell[:1] + cell[-1:]):
        return None
    pieces = list(_classify_pieces(cell))
    kinds = [piece.kind if piece else None for piece in pieces]
    if None in kinds or "person" not in kinds:
        return None
    found = [piece for piece in pieces if piece]
    open_ended = any(cell[piece.name.end : piece.name.end + 1] == "等" for piece in found)
    attach = _attach_behind if kinds[0] == "person" else _attach_before
    names = attach(found)
    return NameList(names, open_ended=open_ended) if names else None


def _classify_pieces(cell: str) -> Iterator[_Piece | None]:
    """The pieces of a cell as persons and posts; None for any other."""
    at = 0
    for match in _PIECE.finditer(cell):
        if not _BETWEEN.issuperset(cell[at : match.start()]):
            yield None
        at = match.end()
        yield _classify(cell, *match.span())
    if not _BETWEEN.issuperset(cell[at:]):
        yield None


def _classify(cell: str, start: int, end: int) -> _Piece | None:
    words_ = cell[start:end].removesuffix("等").removesuffix("同志")
    end = start + len(words_)
    plain = NameInList(start, end)
    if is_post(words_):
        return _Piece("post", plain)
    of_unit = _POST_OF_UNIT.fullmatch(words_)
    if of_unit and is_unit(of_unit["unit"]):
        return _Piece("post", plain)
    if _PADDED.fullmatch(words_) or (_NAME.fullmatch(words_) and not is_person(words_)):
        return None if is_unit(words_) else _Piece("person", plain)
    bare = _BRACKET.sub("", words_)
    if bare != words_ and not _NAME.fullmatch(bare) and not is_person(bare):
        return None
    if bare == words_ and not is_person(words_):
        return None
    names = split_leaders(cell, start, end).names
    one = names[0] if len(names) == 1 and not is_unit(bare) else None
    return _Piece("person", one) if one and one.post else None


def _attach_behind(pieces: list[_Piece]) -> list[NameInList]:
    """The persons, each with the posts printed behind the name."""
    names: list[NameInList] = []
    for kind, name in pieces:
        if kind == "person":
            names.append(name)
        else:
            begin = names[-1].post[0] if names[-1].post else name.start
            names[-1] = names[-1]._replace(post=(begin, name.end))
    return names


def _attach_before(pieces: list[_Piece]) -> list[NameInList] | None:
    """The persons, each with the posts printed before the name; None where a post is last."""
    names: list[NameInList] = []
    begin: int | None = None
    end = 0
    for kind, name in pieces:
        if kind == "post":
            begin, end = name.start if begin is None else begin, name.end
        elif begin is not None:
            names.append(name._replace(post=(begin, name.post[1] if name.post else end)))
            begin = None
        else:
            names.append(name)
    return names if begin is None else None
