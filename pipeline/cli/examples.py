"""Commands that the help of each command ends with."""

from __future__ import annotations

EXAMPLES = {
    "fengong": ("fengong parse raw -o output", "fengong export output --to xlsx"),
    "fengong parse": (
        "fengong parse raw -o output",
        "fengong parse 2024年工作要点.docx -o output",
    ),
    "fengong fetch": (
        "fengong fetch https://www.example.gov.cn/a/t20240302_1.html --contact me@example.org",
        "fengong fetch URL --record tests/fixtures/site",
    ),
    "fengong watch": (
        "fengong watch --sample > sites.toml",
        "fengong watch sites.toml --check",
        "fengong watch sites.toml",
    ),
    "fengong update": ("fengong update", "fengong update raw -o output"),
    "fengong sieve": (
        "fengong sieve crawl.warc.gz -o found",
        "fengong parse found -o output",
        "fengong sieve --list paths.txt -o found --jobs 8",
    ),
    "fengong verify": ("fengong verify output",),
    "fengong cluster": (
        "fengong cluster parse raw -o parts --local 4",
        "fengong cluster gather parts -o output",
    ),
    "fengong cluster parse": (
        "fengong cluster parse /shared/raw -o /shared/parts --scheduler tcp://host:8786",
        "fengong cluster parse s3://bucket/raw -o s3://bucket/parts --scheduler-file scheduler.json",
    ),
    "fengong cluster gather": ("fengong cluster gather s3://bucket/parts -o output",),
    "fengong names": ("fengong names output", "fengong names output --propose"),
    "fengong diff": (
        "fengong diff 2023.docx 2024.docx",
        "fengong diff 2023.docx 2024.docx --to html -o changes.html",
    ),
    "fengong threads": ("fengong threads output",),
    "fengong export": (
        "fengong export output --to xlsx",
        "fengong export output --to csv -o tables",
    ),
    "fengong ledger": (
        "fengong ledger collect 收回 -o output",
        "fengong ledger read output/ledger.xlsx -o output",
    ),
    "fengong ledger collect": ("fengong ledger collect 收回 -o output",),
    "fengong ledger read": ("fengong ledger read output/ledger.xlsx -o output",),
    "fengong load": (
        "fengong load output",
        "fengong load output --store postgresql://user@host/name",
    ),
    "fengong search": (
        "fengong search 养老 --year 2024",
        "fengong search --unit 教育局 --role host",
    ),
    "fengong correct": (
        "fengong correct NOTICE_ID#3 --set host_units=区财政局、区民政局 -o output",
        "fengong correct NOTICE_ID#3 --split 改造老旧小区 -o output",
        "fengong correct --file corrections.csv -o output",
    ),
    "fengong corrections": ("fengong corrections output",),
    "fengong serve": (
        "fengong serve output",
        "fengong serve output --inbox raw --uploads uploads",
    ),
    "fengong site": ("fengong site output copy",),
    "fengong mcp": ("fengong mcp output", "fengong mcp output --folder raw --writable"),
    "fengong schema": ("fengong schema > record.schema.json",),
}
