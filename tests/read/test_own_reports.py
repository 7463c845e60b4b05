"""What fengong writes of comparisons is no source of plans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_docx import to_docx
from pipeline.compare.views.as_xlsx import to_xlsx
from pipeline.compare.views.comparison_page import to_page
from pipeline.comparison import Comparison
from pipeline.errors import SourceError
from pipeline.model import Notice
from pipeline.read import read_source
from tests.compare.small_years import HEAD, NEW, OLD, notice

WRITERS: dict[str, Callable[[Comparison, Notice, Notice], str | bytes]] = {
    "docx": to_docx, "xlsx": to_xlsx, "html": to_page,
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITERS)
def test_a_comparison_is_refused(tmp_path: Path, kind: str) -> None:
    years = notice(HEAD.format(y=2016) + OLD, "a"), notice(HEAD.format(y=2017) + NEW, "b")
    made = WRITERS[kind](diff_notices(*years), *years)
    path = tmp_path / f"changes.{kind}"
    path.write_bytes(made.encode() if isinstance(made, str) else made)
    with pytest.raises(SourceError, match="is a comparison that fengong wrote; take it out"):
        read_source(path)


def test_other_files_are_left_to_their_readers(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><p>fengong</p></html>", "utf-8")
    assert read_source(path).text == "fengong"
    path.write_bytes(b"PK\x03\x04 docProps/core.xml")
    with pytest.raises(SourceError, match=r"^(?!.*comparison)"):
        read_source(path)
