"""Pages with plans pass the gates in every form of writing; pages without do not."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read import read_sources
from pipeline.sieve.gates import Counts, _has_numbers, count_words, find_stop, unveil
from pipeline.sieve.stems import encode_stems, find_stems, find_words
from pipeline.text import to_traditional
from tests.conftest import CORPUS
from tests.plans import write_plan
from tests.plans.carriers import PROSE
from tests.sieve.archives import NEWS, PLAN, make_page

# How pages are written on the web: charset and form.
FORMS = [
    ("utf-8", "plain"),
    ("gb18030", "plain"),
    ("utf-16-le", "plain"),
    ("hz", "plain"),
    ("utf-8", "decimal"),
    ("gb18030", "decimal"),
    ("utf-8", "hexadecimal"),
    ("utf-8", "script"),
]
TRADITIONAL = ("utf-8", "gb18030", "big5hkscs")


@cache
def real_plans() -> list[str]:
    """The texts of published plans, by the hand-made answers."""
    files = sorted(CORPUS.glob("*/doc.*")) if CORPUS.exists() else []
    return [
        source.text
        for path in files
        if (path.parent / "gold.json").exists() and not path.parent.name.startswith("neg-")
        for source in read_sources(path)
    ]


@pytest.mark.parametrize(("charset", "form"), FORMS)
def test_a_plan_passes_however_it_is_written(charset: str, form: str) -> None:
    assert find_stop(make_page(PLAN, charset, form=form)) is None
    assert find_stop(make_page(NEWS, charset, form=form)) in ("no-stem", "few-words")


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_plan_passes_where_a_byte_is_damaged(charset: str) -> None:
    assert find_stop(make_page(PLAN, charset) + b"\xff") is None


@pytest.mark.parametrize("charset", TRADITIONAL)
def test_a_plan_in_traditional_characters_passes(charset: str) -> None:
    page = make_page(to_traditional(PLAN), charset)
    assert "責任".encode(charset) in page
    assert find_stop(page) is None


@pytest.mark.skipif(not CORPUS.exists(), reason="needs ../shared")
@pytest.mark.parametrize(("charset", "form"), FORMS)
def test_published_plans_pass(charset: str, form: str) -> None:
    plans = real_plans()
    assert len(plans) > 20
    missed = [text[:30] for text in plans if find_stop(make_page(text, charset, form=form))]
    assert missed == []


def test_ordinary_pages_do_not() -> None:
    english = make_page("The quick brown fox. " * 500).replace("政".encode(), b"")
    japanese = "責任者の皆様へ。部門の担当者は、次の予定を確認してください。" * 20
    assert find_stop(b"") == "no-stem"
    assert find_stop(english) in ("no-stem", "few-words")
    assert find_stop(make_page(japanese)) in ("no-stem", "few-words")


def test_words_are_counted_in_both_encodings() -> None:
    text = "一、公开。（责任单位：区教育局、区民政局）二、工作要点"
    expected = Counts(owners=3, titles=1, numbers=2)
    assert count_words(text.encode()) == expected
    assert count_words(text.encode("gb18030")) == expected
    assert count_words(to_traditional(text).encode("big5hkscs")) == expected


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        (b"&#36131;&#20219;", "责任"),
        (b"&#x8D23;&#x4efb", "责任"),
        (rb"\u8d23\u4EFB", "责任"),
        (b"a &#38; b", "a &#38; b"),
        (b"&#xD800; &#9999999;", "&#xD800; &#9999999;"),
        (rb"\ud83d\ude00", r"\ud83d\ude00"),
        ("\ufeff责任".encode("utf-16-le"), "责任"),
        ("责任".encode("gb18030"), None),
    ],
)
def test_hidden_characters_are_shown(hidden: bytes, shown: str | None) -> None:
    assert unveil(hidden) == (hidden if shown is None else shown.encode())


def test_the_first_gate_has_few_patterns() -> None:
    """Of more than 64 the library's search would be a tenth as fast."""
    plain, hidden = encode_stems()
    assert len(plain) + len(hidden) <= 64
    assert min(map(len, [*plain, *hidden])) >= 4
    assert {"责任", "牵头", "单位", "负责"} <= {*find_stems()}


def test_no_word_is_inside_another_of_its_sort() -> None:
    words = find_words()
    for word, sort in words.items():
        inside = [one for one in words if one != word and one in word and words[one] == sort]
        assert inside == [], word


@pytest.mark.parametrize("carrier", sorted(PROSE))
def test_small_generated_plans_pass(carrier: str) -> None:
    """A handful of tasks, some with one owner at the end of all, in digits and numerals of every width."""
    plans = [write_plan(seed, carrier, "lines") for seed in range(3)]
    assert [one.text for one in plans if find_stop(make_page(one.text))] == []


def test_tables_without_a_word_of_a_title_pass() -> None:
    rows = "".join(f"<tr><td>{n}<td>修建公园{n}座<td>区园林局、区住建局</tr>" for n in range(1, 5))
    assert (
        find_stop(
            f"<title>关于印发分工的通知</title><table><tr><td>序号<td>内容<td>责任单位</tr>{rows}</table>".encode()
        )
        is None
    )


@pytest.mark.parametrize(
    "text",
    [
        "牵头单位工作方案 2024.05.12 公开",
        "<a href='/a/12.html'>市财政局工作方案</a>" * 3,
        "width:1.5em;公安局工作行动方案",
    ],
)
def test_figures_and_addresses_are_no_numbers_of_items(text: str) -> None:
    assert find_stop(text.encode()) == "few-words"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("digits", ["7", "12", "１２"])
@pytest.mark.parametrize(
    "form",
    ["{}.", "{}．", "{} 、", "({})", "（{}）", "<td>{}</td>", "|{}|", "│{} │", "｜{}｜", "\t{}\t"],
)
def test_two_numbers_of_items_let_a_page_pass(form: str, digits: str, charset: str) -> None:
    words = "责任单位工作方案，牵头单位"
    number = form.format(digits)
    assert find_stop(f"{words}\n{number}甲\n".encode(charset)) == "few-words"
    assert find_stop(f"{words}\n{number}甲\n{number}乙".encode(charset)) is None


@given(
    st.text(".．、)）(（<>|│｜\n\t /a甲-=019２", max_size=30), st.sampled_from(["utf-8", "gb18030"])
)
def test_no_number_is_passed_over_by_its_bytes(text: str, charset: str) -> None:
    page = f"责任单位工作方案，牵头单位\n{text}".encode(charset)
    if _has_numbers(page):
        assert find_stop(page) is None
