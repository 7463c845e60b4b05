"""A comparison as a page, in a browser where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.comparison_page import to_page
from pipeline.model import Notice
from tests.compare.small_years import HEAD, NEW, OLD, notice


def test_the_page_is_whole_and_asks_for_nothing(years: tuple[Notice, Notice]) -> None:
    page = to_page(diff_notices(*years), *years)
    assert not re.search(r"(?:src|href)=|https?:|@import|url\(", page)
    assert page.count("<article") == 4
    assert "增长<del>8%</del>" in page
    assert "增长<ins>10%</ins>" in page
    for kind in ("same", "reworded", "added", "dropped"):
        assert f'data-kind="{kind}"' in page
    assert '<option value="区财政局">' in page


def test_the_page_escapes_what_a_plan_says() -> None:
    text = HEAD.format(y=2016) + OLD.replace("智慧校园", "<script>alert(1)</script>'\"&校园")
    one, two = notice(text, "a"), notice(HEAD.format(y=2017) + NEW, "b")
    page = to_page(diff_notices(one, two), one, two)
    assert "<script>alert" not in page


@pytest.mark.skipif(
    not shutil.which("chromium") and not os.environ.get("CI"),
    reason="needs a chromium on this machine",
)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_in_a_browser(years: tuple[Notice, Notice], tmp_path: Path, width: int) -> None:
    """The filters work under the page's own policy, and nothing is wider than the window."""
    page = to_page(diff_notices(*years), *years)
    probe = """
    var form=document.forms[0],told=[document.querySelector('output').textContent];
    function set(name,value){form[name].value=value;
    form.dispatchEvent(new Event('input'));told.push(document.querySelector('output').textContent)}
    set('unit','区教育局');set('unit','');set('words','口袋公园');set('words','');set('field','leaders');
    told.push(document.documentElement.scrollWidth<=window.innerWidth);
    document.title=told.join('|').replace(/显示 | 组/g,'');
    """
    path = tmp_path / "page.html"
    path.write_text(page.replace("</body>", f"<script>{probe}</script></body>"), "utf-8")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}",
    ]
    done = subprocess.run(
        [*command, f"--window-size={width},900", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert "<title>4 / 4|1 / 4|4 / 4|1 / 4|4 / 4|1 / 4|true</title>" in done.stdout
