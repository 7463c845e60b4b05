"""Edits and corrections in any order: the same bytes as writing everything, and as a new parse."""

from __future__ import annotations

import os
import random
import re
import shutil
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.edited_items import EDIT_KINDS, edited
from pipeline.dataset.record_files import read_records
from pipeline.decisions import concerned
from pipeline.decisions.corrections import read_kept_corrections
from pipeline.model import Notice
from tests.cli.test_command import files
from tests.decisions.test_concerned import LEADERS, UNITS, build, whole

# Each takes some seconds; FENGONG_HISTORIES sets another number.
HISTORIES, STEPS = int(os.environ.get("FENGONG_HISTORIES", "4")), 18
_OWN = re.compile(r'"output_id": "\w+"')


def pick_edit(rng: random.Random, notice: Notice) -> list[str]:
    """The arguments of a random edit of a notice's items in force."""
    text, items = notice.source.text, notice.items
    kind = rng.choice(("split", "split", "join", "add", "delete", "reviewed")) if items else "add"
    if kind == "add":
        taken = {n for one in items for n in range(one.span.start, one.span.end)}
        lines = [one for one in re.finditer(r"[^\n]+", text) if not taken & {*range(*one.span())}]
        line = rng.choice(lines)
        words = rng.choice((line[0], f"{line.start()}-{line.end()}"))
        return [notice.notice_id, "--add", words, "--set", f"host_units={rng.choice(UNITS)}"]
    item = rng.choice(items)
    if kind == "split":
        return [item.item_id, "--split", str(rng.randrange(item.span.start, item.span.end))]
    if kind == "join":
        other = items[max(0, items.index(item) - 1)]
        return [item.item_id, "--join", other.item_id]
    return [item.item_id, f"--{kind}"]


def pick_correction(rng: random.Random, notice: Notice) -> list[str]:
    """The arguments of a random correction of a field."""
    item_id = rng.choice(notice.items).item_id if notice.items else notice.notice_id
    field, value = rng.choice(
        [
            ("host_units", "、".join(rng.sample(UNITS, 2))),
            ("leaders", rng.choice(LEADERS)),
            ("title", "新题"),
            ("year", "2015"),
        ]
    )
    return [notice.notice_id if field == "year" else item_id, "--set", f"{field}={value}"]


def pick_undo(rng: random.Random, output: Path) -> list[str]:
    """The arguments to take back one of the corrections that an OUTPUT keeps."""
    one = rng.choice(read_kept_corrections(output))
    item_id = one.made_ids[0] if one.field == "add" else one.anchor.item_id
    return [item_id, "--undo", one.field]


def pick(rng: random.Random, output: Path) -> list[str]:
    notice = edited(rng.choice(list(read_records(output))[:3]))
    if (output / "corrections.csv").is_file() and rng.random() < 0.25:
        return pick_undo(rng, output)
    return pick_edit(rng, notice) if rng.random() < 0.6 else pick_correction(rng, notice)


def parsed_anew(output: Path) -> dict[str, bytes]:
    """The files of a new OUTPUT of the same sources that has the same corrections from the start."""
    new = output.with_name("new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    shutil.copy(output / "corrections.csv", new)
    assert cli.main(["parse", str(output.with_name("raw")), "-o", str(new), "--take-over"]) == 0
    return files(new)


def without_own_id(made: dict[str, bytes]) -> dict[str, bytes]:
    """Files of an OUTPUT without the id that each has for itself."""
    manifests = [name for name in made if name.startswith(".") or name == "manifest.json"]
    return made | {name: _OWN.sub("", made[name].decode()).encode() for name in manifests}


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_any_history(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, rng = build(tmp_path), random.Random(seed)  # noqa: S311

    def refuse(*_: object) -> None:
        pytest.fail("everything was written")

    done = 0
    for _ in range(STEPS):
        before = files(output)
        with monkeypatch.context() as patched:
            patched.setattr(concerned, "apply_anew", refuse)
            arguments = pick(rng, output)
            code = cli.main(["correct", *arguments, "-o", str(output), "--who", "张"])
        assert code == 0 or (arguments[1].removeprefix("--") in EDIT_KINDS and code == 1), arguments
        done += code == 0
        if code:
            assert files(output) == before
        assert files(output) == whole(output), arguments
    assert done > STEPS / 2
    assert cli.main(["verify", str(output)]) == 0
    assert without_own_id(files(output)) == without_own_id(parsed_anew(output))
