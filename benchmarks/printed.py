"""Whether plans read the same when LibreOffice saves them in other formats: `python -m benchmarks.printed FOLDER`.

Each plain text below FOLDER that is a plan is saved as .pdf, .docx, .doc, .rtf, .odt and .html and read
again. It counts as the same where every item has the same title, leaders, units, deadline and path.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline import parse_notice, read_source
from pipeline.errors import PipelineError
from pipeline.model import Item, Name, Notice

_FORMATS = {
    "pdf": "pdf",
    "docx": "docx:MS Word 2007 XML",
    "doc": "doc:MS Word 97",
    "rtf": "rtf:Rich Text Format",
    "odt": "odt:writer8",
    "html": "html:HTML (StarWriter):UTF8",
}
_IN_FILTER = "Text (encoded):UTF8,LF"
_BLANKS = re.compile(r"\s+")
Row = tuple[str | None, ...]


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)


def _names(names: tuple[Name, ...]) -> str:
    return "、".join(one.name for one in names)


def _row(item: Item) -> Row:
    due = f"{item.deadline.due} {item.deadline.precision}" if item.deadline else None
    return (
        _bare(item.title),
        _names(item.leaders),
        _names(item.host_units),
        _names(item.co_host_units),
        due,
        *map(_bare, item.path),
    )


def _read(path: Path) -> Notice | None:
    try:
        return parse_notice(read_source(path))
    except PipelineError as error:
        print(f"  {error}")
        return None


def _plans(folder: Path) -> Iterator[tuple[str, Path, list[Row]]]:
    """The texts that are plans with items, by a name that is a file's."""
    for path in sorted(folder.rglob("*.txt")):
        notice = _read(path)
        if notice and notice.items and all(one.code != "not-a-plan" for one in notice.problems):
            name = "-".join(path.relative_to(folder).with_suffix("").parts)
            yield name, path, [_row(item) for item in notice.items]


def _save_as(kind: str, texts: Path, folder: Path) -> None:
    """Save all texts of a folder in a format."""
    office = shutil.which("soffice") or "soffice"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", f"--infilter={_IN_FILTER}"]
    command += ["--convert-to", _FORMATS[kind], "--outdir", str(folder / kind)]
    command += [str(path) for path in sorted(texts.iterdir())]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _show(name: str, before: list[Row], after: list[Row]) -> None:
    print(f"  {name}: {len(before)} items, {len(after)} read again")
    for one, two in zip(before, after, strict=False):
        if one != two:
            print(f"    - {one}\n    + {two}")
            break


def main() -> None:
    """Print for each format how many plans read the same, and the first difference of the others."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        texts = folder / "texts"
        texts.mkdir()
        plans = {}
        for name, path, rows in _plans(Path(sys.argv[1])):
            plans[name] = rows
            shutil.copyfile(path, texts / f"{name}.txt")
        for kind in _FORMATS:
            _save_as(kind, texts, folder)
            same = 0
            for name, rows in plans.items():
                notice = _read(folder / kind / f"{name}.{kind}")
                again = [_row(item) for item in notice.items] if notice else []
                same += again == rows
                if again != rows:
                    _show(name, rows, again)
            print(f".{kind}: {same} of {len(plans)} plans read the same", flush=True)


if __name__ == "__main__":
    main()
