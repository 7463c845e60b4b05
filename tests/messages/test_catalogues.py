"""The catalogues are complete: every message of the code, in either language, and nothing else."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from itertools import zip_longest
from pathlib import Path

import pytest

from pipeline.cli.argparse_words import ARGPARSE_MESSAGES
from pipeline.errors import OutputError, SourceError, UnexpectedError
from pipeline.messages.catalogue import Catalogue, load_catalogue
from pipeline.messages.language import LANGUAGES, Language
from pipeline.messages.templates import IS_SYSTEM, PLACE, Template, fill
from tests.messages.catalogues import (
    find_missing,
    is_said_in,
    make_catalogue,
    path_of,
    read_catalogue,
    to_mo,
    to_po,
)
from tests.messages.collect import Collector

# Where a text is passed on that is collected where it is made, or that is no message: an item's title,
# words of a document, a name of the code.
PASSED_ON = {
    "batch/cluster/gather.py": {"why", "fact", "remedy"},
    # No messages: the columns of a source, by the place that they have in a partition.
    "batch/cluster/partitions.py": {"job.relative", "job.url"},
    "batch/source_files.py": {"why"},
    "cli/cluster_parse.py": {"line", "fact", "remedy"},
    "cli/update_command.py": {"event['told']"},
    "crawl/paced.py": {"fact"},
    "sieve/records.py": {"following"},
    "web/api/routes.py": {
        "described",
        "{one: {'description': words[one], **_FAULT} for one in (*statuses, 401, 409, 422)}",
    },
    "web/review/latest_decisions.py": {"NOTICE_MESSAGES.get(one.field, one.field)", "message"},
    "web/years/routes.py": {"by[1].strip()"},
    "batch/verify.py": {"map(str, errors)"},
    "cli/diff_command.py": {"warning", "one.comparison.summary.speak(spoken())"},
    "cli/ledger_command.py": {"remark", "translate(head)", "head"}
    | {"counted.format(count=len(values), listed=_LISTED)"},
    "cli/names_command.py": {"translate(head)", "head"},
    "cli/parse_command.py": {"line"},
    "cli/record_tables.py": {"title", "about or None", "translate(fields[name].title or '')"}
    | {"fields[name].title or ''"},
    "cli/search_command.py": {"title"},
    "compare/": set(),
    "dataset/duplicates.py": {"mark"},
    "dataset/source_table.py": {"one.duplicate"},
    "decisions/correction_file.py": {"row['why']"},
    "decisions/edits.py": {"reasons[one]", "reason"},
    "export/parquet_sinks.py": {"file", "table", "table_schema(table)"},
    "ledger/content.py": {"fit(say_in_chinese(problem.message))"},
    "ledger/read/filled_ledger.py": {"matching.reasons[number]"},
    "ledger/write/main_sheet.py": {"days"},
    "ledger/write/paper.py": {"shown"},
    "parse/notice.py": {"reason"},
    "store/review.py": {
        "{one: rate_doubt(severities, is_reviewed=one in reviewed) for one, severities in found.items()}"
    },
    "web/library/snapshot.py": {"self._doubt_messages", "read_constant_messages(connection)"},
    "web/plans/adding.py": {"why", "reason"},
    "parse/review/doubts.py": {"span"},
    "parse/tables/column_heads.py": {"remark", "name[:noun.start()] + remark"},
    "parse/tables/glued.py": {"anchor"},
    "parse/tables/glued_run.py": {"known"},
    "read/sheet/workbook.py": {"message", "book.error"},
}
# English words of a Chinese message: commands, options, formats, programs, names of files and columns.
CODE = re.compile(
    r"""
    -o[ ]output | env:NAME | (?:fengong[ ])?cluster(?:[ ](?:parse|gather))? | (?:s3|tcp)://[a-z0-9/:]* | s3fs |
    export[ ][\w{}]*=\$\(openssl[ ]rand[ ]-hex[ ]16\) | Authorization:[ ]Bearer | Ctrl-C | web | serve | mcp | site(?!s) | dask[ ](?:scheduler|worker) |
    fengong(?:[ ](?:ledger[ ]collect|parse|threads|load|corrections|export|ledger[ ]read|correct|search|verify|fetch|watch|update))?
    | --to[ ][a-z]+ | -{1,2}[a-z][a-z-]* | [A-Za-z_]+=[\w+%\u4e00-\u9fff、]* | pip[ ]install[ ][\w '\[\]-]+ | postgresql://\S+
    | https?://\S+ | datasette | [\w{}/]*\.(?:csv|json|docx|xlsx|sqlite) | source\.sha256
    | [A-Z][A-Za-z0-9_]*(?:-\d+)? | docx | xlsx | sqlite | jsonl | zh | en | item_id | set | who | kind | variant
    | load | parse | diff | read_sources | pyarrow | trafilatura | macOS | gzip | versions | field:[ ]value | json | correct
    | search | libreoffice-writer-nogui | RAR | 7z | user@host/name | robots\.txt | raw | crawl | sites\.toml | contact | links | allow_hosts | path | docs/crawling\.md | https? | digest\.(?:md|html) | feed\.atom | http://
    | sieve | \.warc(?:\.gz)? | (?<=[ ])[er](?=[ ]|$) # keys
    """,
    re.VERBOSE,
)
UNUSED_OF_ARGPARSE = (
    "'required' is an invalid argument for positionals",
    "%r is not callable",
    "%(heading)s:",
    "%(prog)s: error: %(message)s\n",
    "%(prog)s: warning: %(message)s\n",
    ".__call__() not defined",
    'argument "-" with mode %r',
    "can't open '%(filename)s': %(error)s",
    "cannot have multiple subparser arguments",
    "cannot merge actions - two groups are named %r",
    "conflicting option string: %s",
    "conflicting option strings: %s",
    "conflicting subparser alias: %s",
    "conflicting subparser: %s",
    "dest= is required for options like %r",
    # A number of values: no option takes exactly two or more.
    "expected %s argument",
    "expected %s arguments",
    "invalid conflict_resolution value: %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "mutually exclusive arguments must be optional",
    # Since Python 3.13: our commands have a title, and no help shows defaults by argparse.
    "subcommands",
    " (default: %(default)s)",
    # Choices of commands are refused before argparse looks at them.
    "unknown parser %(parser_name)r (choices: %(choices)s)",
    "unexpected option string: %s",
    "option '%(option)s' is deprecated",
    "command '%(parser_name)s' is deprecated",
    "argument '%(argument_name)s' is deprecated",
)


@pytest.fixture(scope="module")
def collector() -> Collector:
    made = Collector()
    made.collect()
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_a_translation(language: Language, collector: Collector) -> None:
    """`make messages` writes new messages into the .po; a translation is written there by hand."""
    kept = read_catalogue(language)
    assert {str(one.id) for one in kept if one.id} == {one.template for one in collector.texts}
    assert list(find_missing(kept)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_as_make_messages_writes_them(language: Language, collector: Collector) -> None:
    made = make_catalogue(language, collector.texts)
    # Line by line: what pytest says of two long texts that differ takes it minutes to find out.
    kept, wanted = path_of(language, ".po").read_bytes().split(b"\n"), to_po(made).split(b"\n")
    assert [pair for pair in zip_longest(kept, wanted) if pair[0] != pair[1]][:3] == []
    is_compiled = path_of(language, ".mo").read_bytes() == to_mo(made)
    assert is_compiled


def test_nothing_is_shown_that_is_not_collected(collector: Collector) -> None:
    unknown = []
    for one in collector.unresolved:
        module, _, expression = one.split(":", 2)
        if not module.startswith("compare/") and expression.strip() not in PASSED_ON.get(
            module, ()
        ):
            unknown.append(one)
    assert unknown == []


def test_a_new_message_is_missed(tmp_path: Path) -> None:
    """Whatever way a message reaches a person, it is collected."""
    (tmp_path / "module.py").write_text(
        "class ScrollError(Exception):\n"
        "    def __init__(self, place: object, fact: str, remedy: str) -> None: ...\n"
        "_KINDS = {'a': 'a torn scroll', 'b': 'a burnt scroll'}\n"
        "def find_faults(names: list[str]) -> list[str]:\n"
        "    for name in names:\n"
        "        yield f'{name} has no seal'\n"
        "def read(path: str, kind: str, length: int) -> None:\n"
        "    remedy = 'unroll it'\n"
        "    if length:\n"
        "        raise ScrollError(path, f'is {length:,} feet long', remedy)\n"
        "    say(f\"{'torn' if kind else 'burnt'} scrolls: {length!r}\")\n"
        "    raise ScrollError(f'{path} column 3', _KINDS[kind], remedy)\n",
        "utf-8",
    )
    found = {one.template for one in Collector(tmp_path).collect()}
    assert found == {
        "a torn scroll", "a burnt scroll", "{name} has no seal", "is {length} feet long", "unroll it",
        "torn scrolls: {length!r}", "burnt scrolls: {length!r}", "{path} column 3",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_template_is_found_again(language: Language, collector: Collector) -> None:
    """A message with values is said by its own template, or by one that says the same."""
    catalogue = load_catalogue(language)
    kept = read_catalogue(language)
    wrong = []
    for one in collector.texts:
        template = Template(one.template)
        values = {name: f"值{n}" for n, name in enumerate(template.places)}
        quoted = {name: f"'{values[name]}'" for name, is_quoted in zip(template.places, template.is_quoted, strict=True) if is_quoted}  # fmt: skip
        text = fill(one.template, values | quoted)
        bare = {f"{name} bare": values[name] for name in quoted}
        expected = fill(str(kept[one.template].string), values | quoted | bare)
        said = catalogue.translate(text)
        if (
            template.weight
            and said != expected
            and not any(map(IS_SYSTEM.fullmatch, template.places))
        ):
            wrong.append((one.template, said, expected))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_places_of_the_message(language: Language) -> None:
    """A place may be left out where it has words of a library; none is made up."""
    left_out = {
        "words",
        "error",
        "splitlines",
        "split_parts",
        "map_parts",
        "first",
        "type",
        "number",
    }
    for one in read_catalogue(language):
        if not one.id:
            continue
        places = {name for name, _ in PLACE.findall(str(one.id))}
        said = {name for name, _ in PLACE.findall(str(one.string))}
        assert said <= places, one.id
        assert places - said <= left_out, one.id


def test_chinese_messages_are_chinese() -> None:
    for one in filter(lambda one: one.id, read_catalogue("zh")):
        said = PLACE.sub("", str(one.string))
        rest = CODE.sub("", said)
        assert not re.search(r"[A-Za-z]", rest), one.string
        assert not re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;?!()][\u4e00-\u9fff]", said), one.string


def test_english_messages_are_english() -> None:
    """Characters of a document are quoted, as 的 or 责任单位; the rest is English."""
    for one in filter(lambda one: one.id, read_catalogue("en")):
        said = PLACE.sub("", str(one.string))
        assert len(re.findall(r"[\u4e00-\u9fff]", said)) <= 12, one.string
        if one.id and is_said_in(str(one.id), "en") and "parts}" not in str(one.id):
            assert one.string == one.id


def test_argparse_says_nothing_that_has_no_translation() -> None:
    tree = ast.parse(inspect.getsource(argparse))
    said = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
            said |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    templates = [Template(one) for one in ARGPARSE_MESSAGES]
    known = {*UNUSED_OF_ARGPARSE, "argument %(argument_name)s: %(message)s"}
    texts = [_fill_percents(str(one)) for one in said - known]
    unknown = [one for one in texts if all(t.match(one) is None for t in templates)]
    assert texts
    assert unknown == []


def _fill_percents(text: str) -> str:
    """Return a text of argparse with values: "invalid %(type)s value: %(value)r"."""
    return re.sub(r"%(?:\(\w+\))?([rs])", lambda match: "'x'" if match[1] == "r" else "x", text)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("the file is empty", "文件是空的"),
        ("holds 3 plans", "里面有 3 份计划"),
        ("cannot be read (Permission denied)", "无法读取（没有权限）"),
        # Words of a library in English are left out.
        ("cannot be read (no such thing as a spool)", "无法读取"),
        ("cannot be read ([Errno 13] Permission denied: '/x')", "无法读取（没有权限：/x）"),
        ("'甲' again", "“甲”重复"),
        ("argument --year: 'x' is no year; write digits such as 2024", "参数 --year：“x”不是年份，请写 2024 这样的数字"),
        ("a-1: a-1#2: the title is not in the content", "a-1：a-1#2：事项名称不在内容里"),
        ("the sheet 一 has 1 hidden row, 2 hidden columns, left out", "工作表 一 有1 个隐藏行、2 个隐藏列，已略去"),
        ("责任从句子读出", "责任从句子读出"),
        ("no message of any catalogue", "no message of any catalogue"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_said_in_chinese(text: str, zh: str) -> None:
    assert load_catalogue("zh").translate(text) == zh
    assert load_catalogue("en").translate(text) == text or is_said_in(text, "zh")


def test_chinese_problems_are_said_in_english() -> None:
    catalogue = load_catalogue("en")
    assert catalogue.translate("编号从3跳到5") == "the numbers jump from 3 to 5"
    assert (
        catalogue.translate("不是任务分工:是新闻:标题含“召开”")
        == "no assignment of tasks: it is news: its title has “召开”"
    )


def test_errors_are_said_by_their_parts() -> None:
    error = SourceError("甲: 乙.txt", "the file is empty", "give a file with the notice's text")
    assert (
        load_catalogue("zh").describe(error) == "甲: 乙.txt：文件是空的；请提供载有通知正文的文件"
    )
    assert load_catalogue("en").describe(error) == str(error)
    locked = OutputError("a", "cannot be made (Is a directory)", "check path and rights")
    assert (
        load_catalogue("zh").describe(locked) == "a：无法建立文件夹（是文件夹）；请检查路径和权限"
    )


def test_a_fault_of_the_program_is_said_with_its_line() -> None:
    try:
        raise KeyError("x")  # noqa: EM101, TRY301
    except KeyError as error:
        found = UnexpectedError.of("a.txt", error)
    said = load_catalogue("zh").describe(found)
    assert said == "a.txt：程序内部出错，类型 KeyError；请把这一行报告给开发者，可以的话附上原文"


def test_the_template_that_explains_most_is_taken() -> None:
    catalogue = Catalogue("en", {"{name} is late": "1 {name}", "the {thing} is late": "2 {thing}"})
    assert catalogue.translate("the train is late") == "2 train"
    assert catalogue.translate("a train is late") == "1 a train"


def test_braces_are_kept() -> None:
    catalogue = Catalogue("en", {"{{a}} {b}": "{b} {{a}}"})
    assert catalogue.translate("{a} {x}") == "{x} {a}"


def test_matching_takes_time_in_the_length() -> None:
    """No text makes a pattern try again and again: places are few."""
    assert all(len(PLACE.findall(str(one.id))) <= 5 for one in read_catalogue("zh"))
