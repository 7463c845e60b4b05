"""The static copy: each link leads to a file, nothing is loaded from elsewhere, foreign files stay."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from pipeline.errors import OutputError
from pipeline.web.library import Library
from pipeline.web.site.addresses import canonical_address, file_of, link_between
from pipeline.web.site.copying import SiteCopy, write_site
from pipeline.web.site.site_folder import SiteFolder


@pytest.fixture(scope="module")
def copied(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteCopy]:
    folder = tmp_path_factory.mktemp("site") / "copy"
    return folder, write_site(made, folder, "zh", tmp_path_factory.mktemp("cache"))


def test_every_link_leads_to_a_file_of_the_copy(copied: tuple[Path, SiteCopy]) -> None:
    folder, told = copied
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) == told.pages > 20
    assert told.failed == []
    for page in pages:
        tree = html.fromstring(page.read_bytes())
        links = [str(one[2]) for one in tree.iterlinks()]  # type: ignore[attr-defined]
        assert len(links) > 3
        for link in links:
            address, _, anchor = link.partition("#")
            assert not re.match(r"/|\w+:", address), (page, link)
            target = (page.parent / unquote(address)).resolve() if address else page
            assert target.is_file(), (page, link)
            if anchor and target.suffix == ".html":
                assert f'id="{unquote(anchor)}"' in target.read_text("utf-8")
        assert "default-src 'none'" in str(tree.xpath("//meta[@http-equiv]/@content"))
        assert not tree.xpath("//form[@method='post'] | //*[@data-do] | //script[@type='module']")


def test_notices_have_their_source_with_marks(copied: tuple[Path, SiteCopy], made: Path) -> None:
    folder, _ = copied
    library = Library(made, folder.parent / "cache")
    for plan in library.current().plans():
        page = (folder / "notices" / f"{plan.notice_id}.html").read_text("utf-8")
        assert page.count('<article class="item ') == plan.items
        assert page.count("data-v=") > 10
    library.close()


def test_foreign_files_stay_and_old_ones_go(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path / "copy")
    folder.begin(["a.html", "b/c.html"])
    folder.write("a.html", b"1")
    folder.write("b/c.html", b"1")
    assert folder.finish() == []
    (tmp_path / "copy" / "mine.html").write_text("mine")
    again = SiteFolder(tmp_path / "copy")
    with pytest.raises(OutputError, match="mine"):
        again.begin(["a.html", "mine.html"])
    assert (tmp_path / "copy" / "mine.html").read_text() == "mine"
    again.begin(["a.html"])
    again.write("a.html", b"2")
    assert again.finish() == ["b/c.html"]
    assert (tmp_path / "copy" / "a.html").read_bytes() == b"2"
    (tmp_path / "copy" / ".fengong-site.json").write_text('{"files": {"../x": ""}}')
    with pytest.raises(OutputError, match="no list"):
        SiteFolder(tmp_path / "copy")


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/notices/盐田2011-x#i3", "/notices/%E7%9B%90%E7%94%B02011-x"),
        ("/bodies/body?name=x&page=1", "/bodies/body?name=x"),
        ("/bodies/body?name=x&role=host", None),
        ("/search?words=x", None),
        ("/queue", None),
        ("/notices/x/version", None),
        ("https://example.org/notices/x", None),
        ("//example.org/notices/x", None),
    ],
)
def test_only_pages_for_reading_are_copied(address: str, canonical: str | None) -> None:
    assert canonical_address(address) == canonical


def test_names_of_files_lead_nowhere_else() -> None:
    assert file_of("/notices/%E7%9B%90") == "notices/盐.html"
    for address in ("/notices/..", "/notices/a%2Fb", "/notices/" + "x" * 300, "/notices/a%00"):
        assert re.fullmatch(r"notices/[0-9a-f]{16}\.html", file_of(address))
    assert link_between("notices/x.html", "index.html") == "../index.html"
    assert link_between("index.html", "notices/盐.html") == "notices/%E7%9B%90.html"
