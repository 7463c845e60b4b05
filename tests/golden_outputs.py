"""Golden texts of resolved names, and of comparisons and threads in every format."""

from __future__ import annotations

import csv
import hashlib
from itertools import pairwise

from pipeline.compare.diff import diff_notices
from pipeline.compare.series import describe_left_out, find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.as_csv import to_csv
from pipeline.compare.views.as_json import to_json
from pipeline.compare.views.as_markdown import to_markdown
from pipeline.compare.views.as_text import to_text
from pipeline.compare.views.comparison_page import to_page
from pipeline.compare.views.flow import flow_svg
from pipeline.compare.views.threads_table import threads_csv
from pipeline.model import Notice
from pipeline.names.bodies import describe, find_near, resolve
from pipeline.names.same_body import is_same_body, lineage
from pipeline.parse.notice import parse_notice
from tests.conftest import ROOT, source
from tests.plans.years import two_years, written

_PLACES = (None, "盐田区", "深圳市", "广东省", "桂阳县", "全国")
_YEARS = (None, 2011, 2016, 2024)
# Seeds, sizes and shares of edited items of the pairs that are compared.
_PAIRS = ((1, 12, 0.3), (2, 12, 0.6), (3, 20, 0.9), (4, 8, 0.0), (5, 16, 0.6))
_BENCH = ROOT / "tests" / "cases" / "bodies.csv"


def resolved_names() -> str:
    """Every name of the bench of bodies, resolved in several places and years, a line a name."""
    rows = list(csv.DictReader(_BENCH.read_text("utf-8").splitlines()))
    lines = []
    for name in sorted({name for row in rows for name in (row["first"], row["second"])}):
        for place in _PLACES:
            found = [resolve(name, place, year) for year in _YEARS]
            facts = describe(name, place, found[-1])
            near, past = find_near(name, place), lineage(name, place)
            told = " ".join(dict.fromkeys(map(str, (tuple(one) for one in found))))
            lines.append(f"{name} {place}: {told} {facts} {near} {tuple(past)}")
    for one, two in pairwise(rows):
        for a, b in ((one["first"], two["first"]), (one["first"], two["second"])):
            lines.append(f"{a} = {b}: {is_same_body(a, b, one['place'], 2011, 2024)}")
    return "\n".join(lines) + "\n"


def digest_lines(text: str) -> str:
    """A digest of each hundred lines, which keeps a long golden text short and still shows where."""
    lines = text.splitlines()
    parts = ("\n".join(lines[n : n + 100]) for n in range(0, len(lines), 100))
    return "\n".join(hashlib.sha256(part.encode()).hexdigest() for part in parts) + "\n"


def comparisons() -> dict[str, str]:
    """A comparison of each pair in every format, and the threads of its years."""
    found = {}
    for seed, size, share in _PAIRS:
        years = two_years(seed, size, share)
        before, after = (
            _parse(written(tasks, year), f"p{year}")
            for tasks, year in ((years.previous, 2020), (years.current, 2021))
        )
        made = diff_notices(before, after)
        texts = (
            to_text(made, before, after, colour=True),
            to_markdown(made, before, after),
            to_csv(made),
            to_json(made),
            digest_lines(to_page(made, before, after)),
            _threads(before, after, _parse(written(years.previous, 2022), "p2022")),
        )
        found[f"comparison-{seed}"] = "\n".join(texts)
    return found


def _parse(text: str, notice_id: str) -> Notice:
    return parse_notice(source(text), notice_id)


def _threads(*notices: Notice) -> str:
    series = find_series(notices)
    lines = list(describe_left_out(series))
    for one in series:
        steps = follow_items(one)
        lines += [threads_csv(steps).decode(), flow_svg(one.name, steps, find_later_names(one))]
    return "\n".join(lines)
