"""What a change does to real documents: `make compare`.

Parses the shared corpus and raw/ with an earlier commit and with the working tree, and prints
items gained, lost and changed, name by name. The earlier commit is HEAD where the working tree
has changes below pipeline/, else HEAD~1, or what `--ref` names.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
ROLES = ("leaders", "host_units", "co_host_units")
PARTICULARS = (
    "kind", "title", "notice_title", "document_number", "issuing_body", "region", "year",
    "year_end", "issued_on", "published_on",
)  # fmt: skip
_BLANKS = re.compile(r"\s+")
_OPENING = 24
_SHOWN = 16

Record = dict[str, Any]


@dataclass(slots=True)
class Change:
    """What became of one item: its lines with + and -, and the names it gained and lost."""

    item: str
    lines: list[str]
    gained: int = 0
    lost: int = 0
    moved: int = 0


@dataclass(slots=True)
class Comparison:
    """What became of one document; `notes` are about the document as a whole."""

    path: str
    gained: list[Change] = field(default_factory=list)
    lost: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compare_records(before: list[Record], after: list[Record]) -> list[Comparison]:
    """Each document that differs, in order of its path; documents are told apart by their bytes."""
    old, new = _by_source(before), _by_source(after)
    found = []
    for key in sorted({*old, *new}, key=lambda key: (_path(new.get(key) or old[key]), key)):
        one = _compare_notices(old.get(key), new.get(key))
        if one.gained or one.lost or one.changed or one.notes:
            found.append(one)
    return found


def _by_source(records: list[Record]) -> dict[tuple[str, int], Record]:
    """Records by hash; equal files are told apart by the order of their paths."""
    seen: Counter[str] = Counter()
    found = {}
    for record in sorted(records, key=_path):
        key = record["source"]["sha256"]
        found[key, seen[key]] = record
        seen[key] += 1
    return found


def _path(record: Record) -> str:
    return str(record["source"].get("path") or record["notice_id"])


def _compare_notices(old: Record | None, new: Record | None) -> Comparison:
    told = Comparison(_path(new or old or {}))
    if old is None or new is None:
        told.notes.append("- no longer read" if new is None else "+ not read before")
    else:
        for key in PARTICULARS:
            told.notes += _shown_change(key, old.get(key), new.get(key))
        told.notes += _problem_changes(old, new)
    before, after = (old or {}).get("items", []), (new or {}).get("items", [])
    pairs = _paired(before, after)
    partners = set(pairs.values())
    told.lost = [_whole("-", item) for n, item in enumerate(before) if n not in pairs]
    told.gained = [_whole("+", item) for n, item in enumerate(after) if n not in partners]
    labels = [{item["item_id"]: item.get("label") for item in items} for items in (before, after)]
    for one, two in pairs.items():
        change = _compare_items(before[one], after[two], *labels)
        if change.lines:
            told.changed.append(change)
    return told


def _paired(before: list[Record], after: list[Record]) -> dict[int, int]:
    """Items of both sides: first by label and opening words, then opening words, then label, path.

    Returns positions in `before` and `after`; equal keys pair in reading order.
    """
    pairs: dict[int, int] = {}
    for key in (
        lambda item: (item.get("label"), _opening(item)),
        _opening,
        lambda item: (item.get("label"), tuple(item.get("path", ()))),
    ):
        left: defaultdict[object, list[int]] = defaultdict(list)
        for n, item in enumerate(before):
            if n not in pairs:
                left[key(item)].append(n)
        taken = set(pairs.values())
        for n, item in enumerate(after):
            if n not in taken and left[key(item)]:
                pairs[left[key(item)].pop(0)] = n
    return dict(sorted(pairs.items()))


def _opening(item: Record) -> str:
    return _BLANKS.sub("", item.get("content") or item.get("title") or "")[:_OPENING]


def _called(item: Record) -> str:
    return f"{item.get('label') or '(no number)'} {_opening(item)[:_SHOWN]}"


def _whole(sign: str, item: Record) -> Change:
    """An item of one side only, with its names."""
    lists = [f"{role} {'、'.join(names)}" for role in ROLES if (names := _names(item, role))]
    many = sum(len(_names(item, role)) for role in ROLES)
    line = f"{sign} {_called(item)}" + "".join(f" | {one}" for one in lists)
    return Change(_called(item), [line], *((many, 0) if sign == "+" else (0, many)))


def _names(item: Record, role: str) -> list[str]:
    return [name["name"] for name in item.get(role, ())]


def _compare_items(
    old: Record, new: Record, old_labels: dict[str, str], new_labels: dict[str, str]
) -> Change:
    change = Change(_called(new), [])
    _compare_names(old, new, change)
    parents = (
        old_labels.get(old.get("parent_id") or ""),
        new_labels.get(new.get("parent_id") or ""),
    )
    for key, before, after in (
        ("label", old.get("label"), new.get("label")),
        ("parent", *parents),
        *((key, old.get(key), new.get(key)) for key in ("plan_title", "title")),
        ("path", " / ".join(old.get("path", ())), " / ".join(new.get("path", ()))),
        ("content", *_difference(old.get("content", ""), new.get("content", ""))),
        ("deadline", _deadline(old), _deadline(new)),
        ("fields", _fields(old), _fields(new)),
    ):
        change.lines += _shown_change(key, before, after)
    return change


def _compare_names(old: Record, new: Record, change: Change) -> None:
    """A line a name: gained, lost, or moved from one role to another."""
    before, after = ({name: r for r in ROLES for name in _names(item, r)} for item in (old, new))
    for name in [*before, *(name for name in after if name not in before)]:
        was, now = before.get(name), after.get(name)
        if was != now:
            change.lines += [
                f"{sign} {role} {name}" for sign, role in (("-", was), ("+", now)) if role
            ]
            change.moved += bool(was and now)
            change.lost += not now
            change.gained += not was
    for role in ROLES:
        one, two = _names(old, role), _names(new, role)
        if one != two and sorted(one) == sorted(two):
            change.lines += [f"- {role} order {'、'.join(one)}", f"+ {role} order {'、'.join(two)}"]


def _difference(before: str, after: str) -> tuple[str, str]:
    """Two texts around the first place where they part; blanks do not count."""
    before, after = _BLANKS.sub("", before), _BLANKS.sub("", after)
    at = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    if before == after:
        return "", ""
    start = max(0, at - 6)
    return tuple(f"{'…' if start else ''}{one[start : start + 40]}" for one in (before, after))  # type: ignore[return-value]


def _deadline(item: Record) -> str:
    due = item.get("deadline")
    return f"{due['text']} ({due['due']}, {due['precision']})" if due else ""


def _fields(item: Record) -> str:
    values = item.get("fields", {})
    return "; ".join(f"{value['label']}: {value['text']}" for _, value in sorted(values.items()))


def _problem_changes(old: Record, new: Record) -> list[str]:
    """Problem codes that are told more or less often."""
    before, after = (Counter(p["code"] for p in record["problems"]) for record in (old, new))
    return [
        f"{'+' if after[code] > before[code] else '-'} problem {code}: {before[code]} -> {after[code]}"
        for code in sorted({*before, *after})
        if before[code] != after[code]
    ]


def _shown_change(key: str, before: object, after: object) -> list[str]:
    if before == after or not (before or after):
        return []
    pair = (("-", before), ("+", after))
    return [f"{sign} {key} {value}" for sign, value in pair if value not in (None, "")]


def report(told: list[Comparison]) -> Iterator[str]:
    """Lines for a person, grouped by document, and a one-line total."""
    for one in told:
        yield one.path
        yield from (f"  {note}" for note in one.notes)
        for change in (*one.lost, *one.gained):
            yield from (f"  {line}" for line in change.lines)
        for change in one.changed:
            yield f"  {change.item}"
            yield from (f"    {line}" for line in change.lines)
    changes = [change for one in told for change in (*one.lost, *one.gained, *one.changed)]
    yield (
        f"total: {len(told)} documents differ; items {sum(len(one.gained) for one in told)} gained, "
        f"{sum(len(one.lost) for one in told)} lost, {sum(len(one.changed) for one in told)} changed; "
        f"names {sum(c.gained for c in changes)} gained, {sum(c.lost for c in changes)} lost, "
        f"{sum(c.moved for c in changes)} moved"
    )


def is_loss(told: list[Comparison]) -> bool:
    """Whether an item, a name or a whole document is lost."""
    return any(
        one.lost or any(change.lost for change in one.changed) or "- no longer read" in one.notes
        for one in told
    )


def parsed(tree: Path, sources: list[Path], output: Path) -> list[Record]:
    """The records that a tree's own code makes of the sources; none where it fails to run."""
    command = [sys.executable, "-m", "pipeline", "parse", *map(str, sources)]
    done = subprocess.run(
        [*command, "-o", str(output), "--json"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stderr.strip().split("\n")[-8:] if done.returncode else ():
        print(f"  {tree.name}: {line}", file=sys.stderr)
    records = [json.loads(path.read_text("utf-8")) for path in sorted(output.glob("json/*.json"))]
    for record in records:
        record["source"]["path"] = _below(_path(record), sources)
    return records


def _below(path: str, sources: list[Path]) -> str:
    """A path as it is told: from the name of its source folder on."""
    parents = [one.parent for one in sources if Path(path).is_relative_to(one)]
    return Path(path).relative_to(parents[0]).as_posix() if parents else path


def git(*args: str) -> bytes | None:
    """What git prints, or None where it fails or is missing."""
    command = ["git", *args]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def earlier_commit() -> str:
    """HEAD where pipeline/ has uncommitted changes, else the commit before it."""
    return "HEAD" if git("status", "--porcelain", "--", "pipeline") else "HEAD~1"


def unpack(ref: str, folder: Path) -> bool:
    """The package as it was at a commit; False where this clone has none that runs."""
    packed = git("archive", "--format=tar", ref, "pipeline")
    if packed is None:
        return False
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(folder, filter="data")
    # Without a package of its own there, Python would run the installed one.
    return all((folder / "pipeline" / name).is_file() for name in ("__init__.py", "__main__.py"))


def main() -> int:
    """Print the comparison; exit 1 where the working tree reads nothing, or with --strict a loss."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sources", nargs="*", type=Path, help="default: the shared corpus and raw/")
    parser.add_argument("--ref", help="the earlier commit")
    parser.add_argument("--strict", action="store_true", help="exit 1 where something is lost")
    args = parser.parse_args()
    sources = [path.resolve() for path in args.sources]
    sources = sources or [path for path in (CORPUS, ROOT / "raw") if path.is_dir()]
    ref = args.ref or earlier_commit()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = folder / "previous"
        if not unpack(ref, tree):
            print(f"{ref}: no such version in this clone (it may be shallow); nothing to compare")
            return 0
        before = parsed(tree, sources, folder / "before")
        after = parsed(ROOT, sources, folder / "after")
    print(f"{ref} -> working tree: {len(before)} and {len(after)} documents read")
    told = compare_records(before, after)
    print(*report(told), sep="\n")
    return 1 if not after or (args.strict and is_loss(told)) else 0


if __name__ == "__main__":
    sys.exit(main())
