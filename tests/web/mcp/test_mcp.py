"""The tools over the protocol: a client of the SDK starts the command and talks to it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from pipeline import cli
from pipeline.web.library import Library
from pipeline.web.mcp.tools import Tools
from tests.conftest import ROOT

Asked = Callable[..., Awaitable[dict[str, Any]]]


def talk(output: Path, *options: str, about: Callable[[Client, Asked], Awaitable[None]]) -> None:
    """Start the server and let a test talk to it."""
    command = ["-m", "pipeline", "mcp", str(output), *options]
    environment = {**os.environ, "XDG_CACHE_HOME": str(output.parent / "cache")}
    server = StdioServerParameters(command=sys.executable, args=command, env=environment, cwd=ROOT)

    async def converse() -> None:
        async with Client(server) as client:

            async def ask(tool: str, **settings: object) -> dict[str, Any]:
                answer = await client.call_tool(tool, settings)
                if answer.is_error:
                    return {"error": answer.content[0].text}  # type: ignore[union-attr]
                assert answer.structured_content is not None
                structured: dict[str, Any] = answer.structured_content
                return structured

            await about(client, ask)

    asyncio.run(converse())


def test_an_assistant_reads_what_the_files_say(made: Path, tmp_path: Path) -> None:
    output = Path(shutil.copytree(made, tmp_path / "output"))
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "plan.txt").write_text(
        "盐田区2013年工作计划\n1、修路。\n主办单位：区住建局\n2、植树。\n主办单位：区城管局\n",
        "utf-8",
    )
    (tmp_path / "secret.txt").write_text("x", "utf-8")

    async def converse(client: Client, ask: Asked) -> None:
        tools = {one.name: one for one in (await client.list_tools()).tools}
        assert sorted(tools) == [
            "compare_years",
            "item",
            "list_plans",
            "parse_file",
            "search_items",
        ]
        assert all(one.annotations and one.annotations.read_only_hint for one in tools.values())
        first = await ask("list_plans", place="盐田", size=2)
        rest = await ask("list_plans", place="盐田", size=2, after=first["next"])
        assert [one["year"] for one in (*first["plans"], *rest["plans"])] == [2012, 2011, 2010]
        assert (first["total"], rest["next"]) == (3, None)
        found = await ask("search_items", words="路灯", year=2011, body="区住建局", role="host")
        assert found["total"] == 2
        item_id = found["items"][0]["item_id"]
        one = await ask("item", item_id=item_id)
        assert "管网和路灯" in one["text"]
        assert {"host", "co_host", "leader", "deadline"} == {
            each["field"] for each in one["evidence"]
        }
        years = await ask(
            "compare_years",
            previous=rest["plans"][0]["notice_id"],
            current=first["plans"][0]["notice_id"],
        )
        assert len(years["links"]) == 3
        parsed = await ask("parse_file", path=str(plans / "plan.txt"))
        assert [row["title"] for row in parsed["notices"][0]["items"]] == ["修路。", "植树。"]
        for path in (tmp_path / "secret.txt", plans / ".." / "secret.txt", "/etc/passwd"):
            assert (
                "no folder that may be read" in (await ask("parse_file", path=str(path)))["error"]
            )
        assert "no notice has this id" in (await ask("item", item_id="x#1"))["error"]
        assert "error" in await ask("correct_item", item_id=item_id, field="title", value="x")

    talk(output, "--folder", str(plans), about=converse)


def test_an_assistant_corrects_only_what_it_has_seen(made: Path, tmp_path: Path) -> None:
    output = Path(shutil.copytree(made, tmp_path / "output"))

    async def converse(client: Client, ask: Asked) -> None:
        del client
        item = (await ask("search_items", words="路灯", year=2011))["items"][0]
        change = {"item_id": item["item_id"], "field": "title", "who": "张"}
        told = await ask("correct_item", value="修路", seen="不是它", **change)
        assert item["title"] in told["error"]
        told = await ask("correct_item", value="修路", seen=item["title"], **change)
        assert told["value"] == "修路"
        assert (await ask("item", item_id=item["item_id"]))["item"]["title"] == "修路"

    talk(output, "--writable", about=converse)
    assert "修路" in (output / "corrections.csv").read_text("utf-8-sig")


def test_link_out_of_a_folder_is_not_followed(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("x", "utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    tools = Tools(Library(made, tmp_path / "cache"), [folder])
    with pytest.raises(Exception, match="no folder that may be read"):
        tools.parse_file(str(folder / "link.txt"))


def test_missing_extra_is_told(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipeline.cli.mcp_command.find_spec", lambda _: None)
    assert cli.main(["mcp", str(made)]) == 1
    assert "pip install mcp" in capsys.readouterr().err
