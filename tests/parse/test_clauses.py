"""Labels, brackets, shares, sentences and rules: who is named, by which words, in which role."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.parse.clauses import brackets
from pipeline.parse.clauses.clause import Share
from pipeline.parse.clauses.clause_shares import parse_shares
from pipeline.parse.clauses.labels import find_inner_label, parse_printed_role
from pipeline.parse.clauses.marked import find_clauses
from pipeline.parse.clauses.plan_wide_rules import find_rule_sentence, find_rules
from pipeline.parse.clauses.sentences import find_heading_leader, find_sentence, find_statement
from pipeline.parse.outline import find_blocks
from pipeline.text import fold
from tests.parse.case_files import Case, one_line, read_cases

_SENTENCES = {
    "statement": find_statement,
    "sentence": find_sentence,
    "heading leader": find_heading_leader,
}


def shown(folded: str, shares: Sequence[Share]) -> str:
    """Shares as the cases write them: role(label)=names, 等 for a list that is open."""
    parts = []
    for share in shares:
        label = f"({folded[slice(*share.label)]})" if share.label else ""
        names = "、".join(folded[name.start : name.end] for name in share.names.names)
        opened = "等" if share.names.open_ended else ""
        each = " each" if share.each else ""
        parts.append(f"{share.printed_role}{label}={names}{opened}{each}")
    return "; ".join(parts)


@pytest.mark.parametrize("case", read_cases("clauses.md", "marked"), ids=lambda case: case.title)
def test_marked_clauses(case: Case) -> None:
    folded = fold(case.text)
    blocks = find_blocks(folded)
    found = find_clauses(folded, [block.start for block in blocks], [block.end for block in blocks])
    assert [
        f"{one.carrier} | {one_line(folded[one.start : one.end])} | {shown(folded, one.shares)}"
        for one in found
    ] == case.lines


@pytest.mark.parametrize("case", read_cases("clauses.md", "shares"), ids=lambda case: case.title)
def test_shares(case: Case) -> None:
    folded = fold(case.text)
    shares = parse_shares(folded, (0, len(folded)), None, None)
    assert [shown(folded, [one]) for one in shares] == case.lines


@pytest.mark.parametrize("kind", list(_SENTENCES))
def test_sentences(kind: str) -> None:
    for case in read_cases("clauses.md", kind):
        folded = fold(case.text)
        one = _SENTENCES[kind](folded, 0, len(folded))
        line = one and f"{one_line(folded[one.start : one.end])} | {shown(folded, one.shares)}"
        assert ([line] if line else []) == case.lines, case.title


@pytest.mark.parametrize("case", read_cases("clauses.md", "rules"), ids=lambda case: case.title)
def test_rules(case: Case) -> None:
    folded = fold(case.text)
    assert [
        f"{rule.code} | {folded[slice(*find_rule_sentence(folded, rule))]} | "
        f"{shown(folded, rule.shares)}".rstrip(" |")
        for rule in find_rules(folded)
    ] == case.lines


@pytest.mark.parametrize("case", read_cases("clauses.md", "labels"), ids=lambda case: case.title)
def test_label_roles(case: Case) -> None:
    assert [f"{word} {parse_printed_role(word)}" for word in case.text.split()] == case.lines


@pytest.mark.parametrize("case", read_cases("clauses.md", "inner"), ids=lambda case: case.title)
def test_inner_label(case: Case) -> None:
    folded = fold(case.text)
    label = find_inner_label(folded, 0, len(folded))
    assert ([folded[label.start : label.colon]] if label else []) == case.lines


def test_remembered_names_of_a_bracket_cannot_be_changed() -> None:
    assert brackets._read_words("区水务局、区教育局牵头").names == ("区水务局", "区教育局")
