"""Speed of writing and reading the task ledger against named baselines of the same run.

python -m benchmarks.ledger
python -m benchmarks.ledger --notices 20000    peak memory and time of the commands for so many
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd

from benchmarks.correcting import build, measure
from benchmarks.speed import median, source
from pipeline.dataset.table_rows import notice_rows
from pipeline.ledger.read import read_ledger
from pipeline.ledger.write import write_ledger
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice

ITEMS, UNITS, LEADERS, A_PART = 5_000, 200, 20, 500
_SUBJECTS = "财政 民政 教育 水务 农业 林业 交通 住建 商务 审计 统计 信访 体育 文化 科技 公安 司法 卫健 应急 气象"


def plan(items: int) -> Notice:
    """A plan of items with a content of some 120 characters, each with five of 200 units."""
    subjects = _SUBJECTS.split()
    names = [f"{area}区{one}局" for area in "甲乙丙丁戊己庚辛壬癸" for one in subjects][:UNITS]
    lines = ["关于印发某区2024年重点工作的通知", "某区2024年重点工作"]
    for n in range(items):
        if n % A_PART == 0:
            lines.append(f"{'一二三四五六七八九十'[n // A_PART]}、第{n // A_PART + 1}批任务")
        lines += [
            f"{n % A_PART + 1}、推进第{n}类事项改革。"
            + f"完善第{n}类制度,明确标准和时限,压实各方责任,定期通报进展,确保取得实效。" * 3,
            f"牵头区领导:王{chr(0x4E00 + n % LEADERS)}明;",
            f"主办单位:{names[n % UNITS]};",
            f"协办单位:{'、'.join(names[(n + step) % UNITS] for step in (3, 7, 11, 13))};",
            f"完成时限:2024年{n % 12 + 1}月底前。",
        ]
    return parse_notice(source("\n".join(lines)), "notice")


def bare(notice: Notice) -> bytes:
    """What pandas makes of the bare table of items: no formats, no links, one sheet."""
    data = io.BytesIO()
    frame = pd.DataFrame(notice_rows(notice)["items"])
    frame.to_excel(data, engine="xlsxwriter", index=False)
    return data.getvalue()


def cells(path: Path) -> int:
    """What openpyxl takes to read the same workbook, and how many cells it holds."""
    book = openpyxl.load_workbook(path, read_only=True)
    return sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))


def commands(notices: int) -> None:
    """Print what the commands take for an OUTPUT of so many notices with five items each."""
    with tempfile.TemporaryDirectory(prefix="fengong-bench-") as folder:
        output, ledger = Path(folder) / "output", Path(folder) / "ledger.xlsx"
        build(output, notices)
        for words, command in (
            ("export", ("export", output, "--to", "xlsx", "-o", ledger)),
            ("ledger read", ("ledger", "read", ledger, "-o", output)),
            ("export over it", ("export", output, "--to", "xlsx", "-o", ledger)),
        ):
            print(f"{words:14} of {notices:,} notices: {measure(*command)}", flush=True)
        print(f"the workbook: {ledger.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, help="measure the commands for so many notices")
    args = parser.parse_args()
    if args.notices:
        commands(args.notices)
    else:
        compare()


def compare() -> None:
    notice = plan(ITEMS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        ours = median(lambda: write_ledger([notice], path))
        size = path.stat().st_size
        pandas = median(lambda: bare(notice))
        back = median(lambda: read_ledger(path, [notice]))
        other = median(lambda: cells(path), 1)
        sheets = len(openpyxl.load_workbook(path, read_only=True).sheetnames)
        print(
            f"{len(notice.items):,} items -> {sheets} sheets, {cells(path):,} cells, {size:,} bytes"
        )
    print(f"write_ledger                      {ours:6.2f} s")
    print(f"pandas.to_excel(xlsxwriter), bare {pandas:6.2f} s   ratio {ours / pandas:.1f}")
    print(f"read_ledger                       {back:6.2f} s")
    print(f"openpyxl read_only, cells only    {other:6.2f} s   ratio {back / other:.2f}")


if __name__ == "__main__":
    main()
