"""The house itself: import contracts, tables, lock file, documents that stay true."""

from __future__ import annotations

import ast
import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline import lexicon
from pipeline.errors import LexiconError
from tests.conftest import CORPUS, ROOT

TABLES = sorted((ROOT / "pipeline" / "lexicon").glob("*.csv"))


def test_imports_go_downward() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(command)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("parse/items/tasks.py", "import jieba"),
        ("names/bodies.py", "from pathlib import Path"),
        ("parse/clauses/labels.py", "from pipeline.model import Notice"),
        ("dataset/files.py", "import pandas"),
        ("ledger/content.py", "import docx"),
        ("compare/diff.py", "from pipeline.parse import parse_notice"),
        ("text.py", "from pipeline.names import bodies"),
        ("batch/update.py", "import httpcore"),
        ("batch/pool.py", "import fsspec"),
        ("export/export_folder.py", "from distributed import Client"),
        ("cli/serve_command.py", "from starlette.requests import Request"),
        ("crawl/walk.py", "import fastwarc"),
    ],
)
def test_a_planted_import_breaks_a_contract(tmp_path: Path, module: str, planted: str) -> None:
    shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "pipeline" / module
    future = "from __future__ import annotations\n"
    text = path.read_text("utf-8")
    path.write_text(text.replace(future, f"{future}\n{planted}\n", 1), "utf-8")
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_no_example_has_a_time_limit() -> None:
    assert settings.default is not None
    assert settings.default.deadline is None
    limits = [
        path.name
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"\bsettings\([^)]*deadline=(?!None)", path.read_text("utf-8"))
    ]
    assert limits == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_tables_are_sorted_and_load(table: Path) -> None:
    rows = list(csv.reader(table.read_text("utf-8").splitlines()))
    assert rows[1:] == sorted(rows[1:])
    assert all(row[-1] for row in rows), "every row names its source"
    assert len(lexicon.rows(table.stem)) == len(rows) - 1


def test_a_broken_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "files", lambda _: tmp_path, raising=True)
    table = tmp_path / "verbs.csv"
    for data, fact in (
        (b"verb,role\n", "header"),
        ("verb,role,source\n牵头,lead,x\n牵头,lead,x\n".encode(), "line 3: '牵头' again"),
        ("verb,role,source\n负责,lead,x\n".encode("gb18030"), "not UTF-8 at byte"),
    ):
        table.write_bytes(data)
        lexicon._rows.cache_clear()
        with pytest.raises(LexiconError, match=fact):
            lexicon.rows("verbs")
    lexicon._rows.cache_clear()


def test_every_label_of_the_field_guide_is_known() -> None:
    guide = CORPUS.parent / "formats" / "labels.tsv"
    if not guide.is_file():
        pytest.skip("needs the field guide beside the checkout")
    known = lexicon.mapping("labels", "role")
    missing = [
        label
        for row in csv.DictReader(guide.read_text("utf-8").splitlines(), delimiter="\t")
        if row["role"].split()[0].rstrip(";") in ("leader", "host", "cohost", "deadline")
        for label in [row["label"].split(" ")[0]]
        if not re.search(r"[(X/機關責]|N月|分线", label) and label not in known
    ]
    assert missing == []


def test_every_problem_code_is_documented() -> None:
    code = re.compile(
        r'(?:_problem\(|_warn\(|Flag\(|Problem\(\s*code=|\.remark\()\s*"([a-z-]+)"'
        r'|^    "([a-z-]+)": \("(?:warning|info)"',
        re.MULTILINE,
    )
    codes = {
        found[1] or found[2]
        for path in (ROOT / "pipeline").rglob("*.py")
        for found in code.finditer(path.read_text("utf-8"))
    }
    documented = set(
        re.findall(
            r"^## `([a-z-]+)`", (ROOT / "docs" / "problems.md").read_text("utf-8"), re.MULTILINE
        )
    )
    assert codes == documented


def find_formatted_numbers(code: str) -> list[int]:
    """The lines where an f-string formats a number or a tuple: a pattern's {1,4} that is not doubled."""
    return [
        part.lineno
        for text in ast.walk(ast.parse(code))
        if isinstance(text, ast.JoinedStr)
        for part in text.values
        if isinstance(part, ast.FormattedValue)
        and isinstance(part.value, (ast.Constant, ast.Tuple))
    ]


def test_repetitions_in_patterns_are_whole() -> None:
    assert find_formatted_numbers('re.compile(rf"\\d{1, 4}{unit}")') == [1]
    assert find_formatted_numbers('re.compile(rf"\\d{{1,4}}{unit}")') == []
    found = {
        path.name: find_formatted_numbers(path.read_text("utf-8"))
        for path in (ROOT / "pipeline").rglob("*.py")
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python example prints what the README says it prints."""
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"```python\n(.*?)```\n+```text\n(.*?)```", readme, re.DOTALL)
    assert found
    done = subprocess.run(
        [sys.executable, "-c", found[1]], capture_output=True, text=True, check=True
    )
    assert done.stdout == found[2]
