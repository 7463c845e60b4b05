"""A manifest is read and written line by line: only lines that changed cost anything, and none is stale."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.dataset.manifest import (
    MANIFEST,
    Manifest,
    RecordSummary,
    SourceState,
    manifest_bytes,
    patch_manifest,
    read_manifest,
)


def _summary(n: int, title: str) -> RecordSummary:
    return RecordSummary(f"plan{n}-x", f"plan{n}.txt", f"{n:064x}", title, 2011, 3, {}, f"{n:064x}")


def _manifest(count: int = 3) -> Manifest:
    records = {f"plan{n}-x": _summary(n, f"第{n}个计划") for n in range(count)}
    sources = {
        f"plan{n}.txt": SourceState(f"{n:064x}", None, None, [f"plan{n}-x"]) for n in range(count)
    }
    return Manifest("id", "parser", sources, records, tables={"items.csv": "aa"})


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("changed", [(), (0,), (2, 0)])
def test_a_patched_manifest_has_the_bytes_of_a_whole_one(
    count: int, changed: tuple[int, ...]
) -> None:
    before = _manifest(count)
    new = {f"plan{n}-x": _summary(n, "改了,\n的") for n in changed if n < count}
    after = replace(before, records=before.records | new, tables={"items.csv": "bb"})
    assert patch_manifest(manifest_bytes(before), before, after) == manifest_bytes(after)


def test_what_is_not_as_it_was_is_written_whole() -> None:
    before = _manifest()
    after = replace(before, records=before.records | {"plan1-x": _summary(1, "改了")})
    other = replace(before, records=before.records | {"plan1-x": _summary(1, "别人改了")})
    for data in (manifest_bytes(other), b'{"version": 1}', b""):
        assert patch_manifest(data, before, after) == manifest_bytes(after)
    fewer = replace(before, records={"plan0-x": before.records["plan0-x"]})
    assert patch_manifest(manifest_bytes(before), before, fewer) == manifest_bytes(fewer)
    no_sources = replace(before, sources={})
    assert patch_manifest(manifest_bytes(before), before, no_sources) == manifest_bytes(no_sources)


def test_what_another_process_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / MANIFEST
    path.write_bytes(manifest_bytes(_manifest()))
    assert read_manifest(tmp_path).records["plan1-x"].title == "第1个计划"
    state = path.stat()
    # The same size and the same time: nothing but the bytes tells that it is another one.
    command = (
        f"p = {str(path)!r}; d = open(p).read(); open(p, 'w').write(d.replace('第1个', '第9个'))"
    )
    subprocess.run([sys.executable, "-X", "utf8", "-c", command], check=True)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert path.stat().st_size == state.st_size
    assert read_manifest(tmp_path).records["plan1-x"].title == "第9个计划"
    assert read_manifest(tmp_path) == replace(
        _manifest(), records=_manifest().records | {"plan1-x": _summary(1, "第9个计划")}
    )
