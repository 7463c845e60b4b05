"""What must never be asked, followed or told: private addresses, other hosts, secrets."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import httpcore
import pytest

from pipeline.crawl.addresses import AddressRules, is_public, is_same_origin, parse_address
from pipeline.crawl.connections import CheckedBackend, Deadline
from pipeline.crawl.fetcher import Fetcher, FetchLimits
from pipeline.crawl.paced import Clock, PacedSite
from pipeline.errors import CrawlError
from tests.crawl.server import Reply, Request, Site, page, serve
from tests.crawl.test_fetch import TASKS
from tests.crawl.test_watch import FILTER, PLAN, events, one_site, serve_list, watch, write_sites

PRIVATE = (
    "127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 198.18.0.1"
    " 192.0.0.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1"
    " ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1 2002:7f00:1::"
    " 2001:0:4136:e378:8000:63bf:3fff:fdd2 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd12::1 ff02::1"
    " 2001:db8::1 100::1 text"
)
PUBLIC = (
    "223.5.5.5 8.8.8.8 ::ffff:223.5.5.5 64:ff9b::df05:505 2002:df05:505:: 2400:3200::1 100.128.0.1"
)


@pytest.mark.parametrize("number", PRIVATE.split())
def test_addresses_that_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", PUBLIC.split())
def test_addresses_that_are_public(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "127.1",
        "0",
        "localhost",
        "①②⑦.⓪.⓪.①",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "127.0.0.1.",
        "LOCALHOST",
    ],
)
def test_other_ways_to_write_a_private_host_are_refused(host: str) -> None:
    with Fetcher("fengong") as fetcher, pytest.raises(CrawlError, match="no public address"):
        fetcher.ask(f"http://{host}/")


class Numbers:
    """A resolver that has another answer each time."""

    def __init__(self, *answers: str) -> None:
        self.answers = [one.split() for one in answers]

    def __call__(self, host: str, port: int) -> list[str]:
        del host, port
        return self.answers.pop(0)


class Dialled(httpcore.MockBackend):
    """Connections that are not made; which numbers were dialled."""

    def __init__(self) -> None:
        super().__init__([])
        self.numbers: list[str] = []

    def connect_tcp(self, host: str, *args: object, **named: object) -> httpcore.NetworkStream:
        del args, named
        self.numbers.append(host)
        return httpcore.MockStream([])


def test_a_name_that_resolves_anew_is_checked_anew_and_the_checked_number_is_dialled() -> None:
    numbers = Numbers("223.5.5.5", "127.0.0.1", "223.5.5.5 10.0.0.1")
    backend = CheckedBackend(AddressRules(), numbers, Deadline())
    backend._plain = dialled = Dialled()  # type: ignore[assignment]
    backend.connect_tcp("a.example", 80)
    # One look-up for one connection: between check and connection nothing is resolved.
    assert (dialled.numbers, len(numbers.answers)) == (["223.5.5.5"], 2)
    for _ in range(2):
        with pytest.raises(CrawlError, match="no public address"):
            backend.connect_tcp("a.example", 80)
    assert dialled.numbers == ["223.5.5.5"]


def test_a_redirect_of_an_allowed_host_to_a_private_number_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Loopback is taken for public here, so that there is a server that may be asked.
    monkeypatch.setattr(
        "pipeline.crawl.addresses.is_public", lambda one: one == "127.0.0.1" or is_public(one)
    )

    def resolver(host: str, port: int) -> list[str]:
        del port
        return ["127.0.0.1"] if host == "start.example" else ["192.168.0.1"]

    def route(request: Request) -> Reply:
        del request
        return Reply(b"", 302, {"Location": f"http://inner.example:{port}/"})

    with serve(route) as site:
        port = site.url.rpartition(":")[2]
        rules = AddressRules(frozenset({"inner.example"}))
        with (
            Fetcher("fengong", rules, resolver=resolver) as fetcher,
            pytest.raises(CrawlError, match=r"192\.168\.0\.1, which is no public"),
        ):
            fetcher.ask(f"http://start.example:{port}/")
        assert len(site.asked) == 1


def _drip() -> Iterator[bytes]:
    while True:
        yield b"x"
        time.sleep(0.02)


def _more_headers() -> Reply:
    return Reply(b"", headers={f"X-{n}": "y" * 1000 for n in range(400)})


ENDLESS = {
    "a byte now and then": (Reply(pieces=_drip), "no whole answer in time"),
    "headers": (_more_headers(), "breaks off"),
    "a body that is shorter than told": (
        Reply(b"<p>", headers={"Content-Length": "99", "Connection": "close"}),
        "breaks off",
    ),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_an_answer_that_does_not_end_is_given_up(case: str) -> None:
    reply, fact = ENDLESS[case]
    limits = FetchLimits(2**20, 5.0, 0.4)
    with (
        serve(lambda request: reply) as site,  # noqa: ARG005
        Fetcher("fengong", AddressRules(allow_private=True), limits) as fetcher,
    ):
        start = time.monotonic()
        with pytest.raises(CrawlError, match=fact) as told:
            fetcher.ask(f"{site.url}/a")
    assert time.monotonic() - start < 5
    assert told.value.may_pass


def test_what_broke_off_is_asked_again_and_a_silent_host_is_left_alone() -> None:
    broken = Reply(b"<p>", headers={"Content-Length": "99", "Connection": "close"})
    replies = {"/a": [broken, broken]}

    def route(request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(b"", 404)
        if request.path == "/a":
            return replies["/a"].pop() if replies["/a"] else Reply(b"whole")
        return broken

    waits: list[float] = []
    with serve(route) as site, Fetcher("f", AddressRules(allow_private=True)) as fetcher:
        paced = PacedSite(fetcher, 0, Clock(lambda: 0.0, waits.append))
        assert paced.ask(f"{site.url}/a").body == b"whole"
        assert waits == [5, 10]
        for n in range(5):
            with pytest.raises(CrawlError, match="breaks off"):
                paced.ask(f"{site.url}/b{n}")
        with pytest.raises(CrawlError, match="was not asked"):
            paced.ask(f"{site.url}/b5")
    assert site.paths["/b4"] == 3
    assert site.paths["/b5"] == 0


HOME = "http://a.example/list"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://a.example/other", True),
        ("https://a.example/", True),
        ("http://a.example:8080/", False),
        ("http://b.example/", False),
        ("http://a.example.evil.example/", False),
    ],
)
def test_where_secrets_may_go(target: str, *, expected: bool) -> None:
    assert is_same_origin(parse_address(target), parse_address(HOME)) is expected


def _everything_in(folder: Path) -> bytes:
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    packed = [gzip.decompress(path.read_bytes()) for path in folder.rglob("*.gz")]
    return b"\n".join([*files, *packed])


def _tokens(site: Site) -> set[str | None]:
    return {one.headers.get("X-Token") for one in site.asked}


def test_a_secret_stays_at_home_over_redirects_attachments_and_lists(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_TOKEN", "geheim-4711\n")
    with serve(lambda request: Reply(b"text " * 99)) as other:  # noqa: ARG005
        elsewhere = other.url.replace("127.0.0.1", "127.0.0.2")
        link = f'<a href="{other.url}/p.txt">附件:计划.txt</a>'
        pages = {
            "/t.html": page(FILTER, *TASKS, link),
            "/moved.html": Reply(b"", 302, {"Location": f"{other.url}/m.html"}),
        }
        lists = [(FILTER, "/t.html"), (f"{FILTER}二", "/moved.html")]
        lists.append((f"{FILTER}三", f"{elsewhere}/x.html"))
        with serve(serve_list(*lists, pages=pages)) as site:
            headers = 'headers = { X-Token = "env:SITE_TOKEN", X-Plain = "1" }'
            write_sites(tmp_path, one_site(site.url, headers))
            watch(tmp_path)
        # The same host at another port is not the one that the secret is for.
        assert _tokens(other) == {None}
        assert other.paths["/p.txt"] == other.paths["/m.html"] == 1
        assert _tokens(site) == {None, "geheim-4711"}
        assert f"{elsewhere}/x.html" in events(tmp_path, "failed")
        assert other.paths["/x.html"] == 0
    assert b"geheim" not in _everything_in(tmp_path)
    told = capsys.readouterr()
    assert "geheim" not in told.out + told.err


LEAKS: dict[str, Reply] = {
    "a redirect to a file": Reply(b"", 302, {"Location": "file:///geheim-4711"}),
    "a redirect to another host": Reply(b"", 302, {"Location": "http://geheim-4711.example/"}),
    "a redirect to a login": Reply(b"", 302, {"Location": "/login?token=geheim-4711"}),
    "a redirect in other letters": Reply(b"", 302, {"Location": "/login?t=%67eheim-4711"}),
    "a cookie": Reply(PLAN.body, headers={"Set-Cookie": "t=geheim-4711"}),
    "a page": page(FILTER, "geheim-4711", *TASKS),
}


@pytest.mark.parametrize("case", LEAKS)
def test_a_secret_that_a_server_repeats_is_told_and_kept_nowhere(
    case: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SITE_TOKEN", "sid=geheim-4711; lang=zh")
    pages = {
        "/t.html": LEAKS[case],
        "/login?token=geheim-4711": PLAN,
        "/login?t=%67eheim-4711": PLAN,
    }
    with serve(serve_list((FILTER, "/t.html"), pages=pages)) as site:
        write_sites(tmp_path, one_site(site.url, 'headers = { Cookie = "env:SITE_TOKEN" }'))
        assert watch(tmp_path) == 1
    told = capsys.readouterr()
    assert "eheim" not in told.out + told.err
    assert b"eheim" not in _everything_in(tmp_path)
    assert not (tmp_path / "raw").exists()
