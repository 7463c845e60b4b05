"""Archives in stores that fsspec reaches: in memory, and objects of a server for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sieve.archives import NEWS, PLAN, Record, make_page, write_archive
from tests.sieve.test_sieve import rows, run

ARCHIVE = write_archive(
    [Record("http://a.example/1", make_page(PLAN)), Record("http://a.example/2", make_page(NEWS))]
)


def test_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import fsspec

    system = fsspec.filesystem("memory")
    system.pipe("/web/a.warc.gz", ARCHIVE)
    system.pipe("/web/b.txt", b"no archive")
    kept = tmp_path / "kept"
    assert run("memory://web/a.warc.gz", "-o", kept) == 0
    assert rows(kept)[0]["warc"] == "memory://web/a.warc.gz"
    assert run("memory://web/*.gz", "memory://web", "-o", kept, "--jobs", 2) == 0
    assert "1 archives were read by an earlier run" in capsys.readouterr().err
    assert run("memory://elsewhere/a.warc.gz", "nowhere://a", "memory://x*", "-o", kept) == 1
    told = capsys.readouterr().err
    assert "memory://elsewhere/a.warc.gz: cannot be read (" in told
    assert "nowhere://a: cannot be read (Protocol not known: nowhere" in told
    assert "memory://x*: holds no web archive; name .warc or .warc.gz files" in told


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket with two archives, on a server of this process."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        for name, value in {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        client = boto3.client("s3", endpoint_url=address)
        client.create_bucket(Bucket="web")
        for name in ("2024/a.warc.gz", "2024/b.warc.gz"):
            client.put_object(Bucket="web", Key=name, Body=ARCHIVE)
        yield "s3://web"
    finally:
        server.stop()


@pytest.mark.filterwarnings("default")
def test_objects(bucket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept"
    assert run(f"{bucket}/2024/*.warc.gz", "-o", kept, "--jobs", 2) == 0
    (row,) = rows(kept)
    assert row["warc"] == f"{bucket}/2024/a.warc.gz"
    assert row["copies"].startswith(f"{bucket}/2024/b.warc.gz 0 ")
    capsys.readouterr()
    assert run(f"{bucket}/2024/a.warc.gz", "s3://refused/a.warc.gz", "-o", kept) == 1
    told = capsys.readouterr().err
    assert "s3://refused/a.warc.gz: cannot be read (" in told
    assert "check the address, its rights and the connection" in told
    assert "1 archives were read by an earlier run" in told
