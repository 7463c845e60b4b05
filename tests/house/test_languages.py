"""README and guide say the same in English and in Chinese: headings, code, figures and links.

A page is compared section by section, so that a change of one language alone is told with the page, the
section and what is different. In lists of commands the words behind a command are of the page's language, and
so is what commands print; all other code is the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from pipeline.dataset.column_descriptions import all_descriptions
from tests.conftest import ROOT
from tests.data_dictionary import BEGIN

ENGLISH = ROOT / "docs"
CHINESE = ROOT / "docs" / "zh"
PAIRS = {
    "README.md": (ROOT / "README.md", ROOT / "README.zh.md"),
    **{f"docs/{one.name}": (one, CHINESE / one.name) for one in sorted(ENGLISH.glob("*.md"))},
}
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
_INLINE = re.compile(r"`+([^`\n]+(?:\n[^`\n]+)?)`+")
_LINK = re.compile(r"\]\(([^)]+)\)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Languages of blocks in which the words behind a command are prose.
_COMMANDS = ("", "sh")
# Must match: 区民政局,区教育局 and 完成. and (见下). Must not match: 2.5 s, a.zip, 1、
_HALF_WIDTH = re.compile(
    r"[\u4e00-\u9fff][,;:!?]|[,;!?](?=[\u4e00-\u9fff])|[\u4e00-\u9fff]\.(?:\s|$)"
)


class Section(NamedTuple):
    """A section of a page: its level and heading, its code, and its text without code blocks."""

    level: int
    heading: str
    code: tuple[str, ...]
    text: str


def read_sections(text: str) -> list[Section]:
    """Cut a page at its headings; what `make golden` makes is left out."""
    text = text.partition(BEGIN)[0]
    kept: list[str] = []

    def take_out(match: re.Match[str]) -> str:
        kept.append(_comparable_code(match[1], match[2]))
        return f"\x00{len(kept) - 1}\x00"

    bare = _BLOCK.sub(take_out, text)
    heads = list(_HEADING.finditer(bare))
    ends = [head.start() for head in heads[1:]] + [len(bare)]
    sections = []
    for head, end in zip(heads, ends, strict=True):
        own = bare[head.end() : end]
        code = tuple(kept[int(n)] for n in re.findall("\x00(\\d+)\x00", own))
        sections.append(Section(len(head[1]), head[2], code, re.sub("\x00\\d+\x00", "", own)))
    return sections


def _comparable_code(language: str, code: str) -> str:
    if language == "text":
        commands = [line for line in code.splitlines() if line.startswith("$ ")]
        code = "\n".join([*commands, *sorted(_NUMBER.findall(code))])
    if language in _COMMANDS:
        code = "\n".join(re.split(r"\s+#\s|\s{2,}", line)[0].rstrip() for line in code.splitlines())
    return f"{language}\n{code}"


def traits(section: Section) -> dict[str, Counter[str]]:
    """Return what has to be the same in both languages."""
    prose = _INLINE.sub(" ", _LINK.sub("]", section.text))
    return {
        "code blocks": Counter(section.code),
        "code in the text": Counter(" ".join(one.split()) for one in _INLINE.findall(section.text)),
        "figures": Counter(_NUMBER.findall(prose)),
        "links": Counter(
            one.rpartition("/")[2]
            for one in _LINK.findall(section.text)
            if not one.startswith("README")
        ),
        "rows of tables": Counter(["|"] * len(re.findall(r"^\|", section.text, re.MULTILINE))),
    }


def find_differences(name: str, english: str, chinese: str) -> Iterator[str]:
    """Yield a line for each section in which the page of one language lags behind the other."""
    one, other = read_sections(english), read_sections(chinese)
    heads, others = ([(s.level, _INLINE.findall(s.heading)) for s in both] for both in (one, other))
    if heads != others:
        told = [s.heading for s in one], [s.heading for s in other]
        yield f"{name}: the headings are {told[0]} in English and {told[1]} in Chinese"
        return
    for left, right in zip(one, other, strict=True):
        for trait, own in traits(left).items():
            now = traits(right)[trait]
            for language, more in (("English", own - now), ("Chinese", now - own)):
                if more:
                    where = f"{name}, {left.heading} / {right.heading}"
                    yield f"{where}: {trait} in {language} only: {sorted(more.elements())}"


def test_every_page_is_there_in_both_languages() -> None:
    assert {one.name for one in ENGLISH.glob("*.md")} == {one.name for one in CHINESE.glob("*.md")}


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_say_the_same(name: str) -> None:
    english, chinese = (path.read_text("utf-8") for path in PAIRS[name])
    assert "\n".join(find_differences(name, english, chinese)) == ""


@pytest.mark.parametrize("name", PAIRS)
def test_chinese_sentences_have_full_width_marks(name: str) -> None:
    text = PAIRS[name][1].read_text("utf-8").partition(BEGIN)[0]
    prose = _INLINE.sub(" ", _LINK.sub("]", _BLOCK.sub("", text)))
    assert _HALF_WIDTH.findall(prose) == []


def test_chinese_descriptions_of_columns_have_full_width_marks() -> None:
    found = {key: _HALF_WIDTH.findall(told.zh) for key, told in all_descriptions().items()}
    assert {key: marks for key, marks in found.items() if marks} == {}


def test_the_readme_links_to_the_other_language_at_its_top() -> None:
    english, chinese = (path.read_text("utf-8") for path in PAIRS["README.md"])
    assert "[中文](README.zh.md)" in english[:80]
    assert "[English](README.md)" in chinese[:80]


@pytest.mark.parametrize(
    ("english", "chinese", "told"),
    [
        ("# A\n3 items\n", "# 甲\n3 个事项\n", ""),
        ("# A\n3 items\n", "# 甲\n4 个事项\n", "a.md, A / 甲: figures in English only: ['3']"),
        ("# A\n## B\n", "# 甲\n", "the headings are ['A', 'B'] in English and ['甲'] in Chinese"),
        ("# A\n`--to`\n", "# 甲\n", "code in the text in English only: ['--to']"),
        ("# A\n```sh\nx y  # do\n```\n", "# 甲\n```sh\nx y  # 做\n```\n", ""),
        ("# A\n```sh\nx y  # do\n```\n", "# 甲\n```sh\nx z  # 做\n```\n", "code blocks in English"),
        ("# A\n```python\na = 1\n```\n", "# 甲\n```python\na = 2\n```\n", "code blocks in Chinese"),
        ("# A\n```text\n$ x\nhost 2\n```\n", "# 甲\n```text\n$ x\n主办 2\n```\n", ""),
        ("# A\n```text\n$ x\nhost 2\n```\n", "# 甲\n```text\n$ x\n主办 3\n```\n", "code blocks"),
        ("# A\n[b](b.md)\n", "# 甲\n[乙](c.md)\n", "links in English only: ['b.md']"),
        ("# A\n| a |\n", "# 甲\n| 甲 |\n| 乙 |\n", "rows of tables in Chinese only"),
    ],
)
def test_a_page_that_lags_is_named(english: str, chinese: str, told: str) -> None:
    found = "\n".join(find_differences("a.md", english, chinese))
    assert told in found
    assert bool(told) == bool(found)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("区民政局,区教育局", True),
        ("已完成. 再", True),
        ("甲,乙", True),
        ("用 2.5 s，a.zip。", False),
    ],
)
def test_half_width_marks_are_found(text: str, is_found: bool) -> None:  # noqa: FBT001
    assert bool(_HALF_WIDTH.search(text)) == is_found
