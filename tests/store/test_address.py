"""No form of a store's address lets a password out: in errors, on success, to Python callers."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.errors import StoreError
from pipeline.store import Query, Store, load_notices, search
from pipeline.store.address import hide_passwords, printable_place, repeats_password
from pipeline.store.engines import store_errors
from tests.stores import place, plan, postgres

__all__ = ["place", "postgres"]

# The password is always geheim, or has it as a part.
ADDRESSES = (
    "postgresql://u:geheim@127.0.0.1:1/db",
    "postgres://u:geheim@127.0.0.1:1/db",
    "postgresql+psycopg://u:geheim@127.0.0.1:1/db",
    "postgresql://u:x@geheim@127.0.0.1:1/db",
    "postgresql://u:geheim@x@127.0.0.1:1/db",
    "postgresql://u:x/geheim@127.0.0.1:1/db",
    "postgresql://u:geheim/x@127.0.0.1:1/db",
    "postgresql://u:x?geheim@127.0.0.1:1/db",
    "postgresql://u:x#geheim@127.0.0.1:1/db",
    "postgresql://u:x%40geheim@127.0.0.1:1/db",
    "postgresql://u%3Ageheim@127.0.0.1:1/db",
    "postgresql://127.0.0.1:1/db?user=u&password=geheim",
    "postgresql://127.0.0.1:1/db?password=x@geheim",
    "postgresql:///db?host=127.0.0.1&port=1&password=geheim",
    "postgresql:///db?password=geheim&host=127.0.0.1&port=1",
    "postgresql:///db?host=127.0.0.1&port=1&password=x%2Fgeheim",
    "postgresql://u:geheim@127.0.0.1:port/db",
    "postgresql://u:geheim/db",
    "postgresql://127.0.0.1:1/db?sslpassword=geheim",
    "postgresql://127.0.0.1:1/db?geheim",
    "mysql://u:geheim@h/db",
    "nothing://u:geheim@h/db",
    "host=127.0.0.1 port=1 dbname=db user=u password=geheim",
    "password=geheim host=127.0.0.1 port=1",
    "host = 127.0.0.1 port=1 password = 'x geheim'",
    r"host=127.0.0.1 port=1 password='x\'geheim'",
    "host=127.0.0.1 port=1 password=x geheim",
    "host=127.0.0.1 port=1 password='geheim",
    "host=127.0.0.1 port=1 sslpassword=geheim",
)


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_dataset([plan()], tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.parametrize("address", ADDRESSES)
def test_errors_of_the_command(
    address: str, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["load", str(output), "--store", address]) == 1
    assert cli.main(["search", "食堂", "--json", "--store", address]) == 1
    told = capsys.readouterr()
    assert "geheim" not in told.out + told.err
    assert len(told.err.splitlines()) == 2
    # Nothing is mistaken for a file.
    assert sorted(path.name for path in output.parent.iterdir()) == ["out"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_errors_to_callers(address: str) -> None:
    with pytest.raises(StoreError) as caught, Store(address) as store:
        search(store, Query(("食堂",)))
    assert "geheim" not in "".join(traceback.format_exception(caught.value))
    seen: set[int] = set()
    error: BaseException | None = caught.value
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        assert "geheim" not in f"{error!r} {error}"
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_the_wrong_place(
    address: str, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "password" not in address and "://" not in address:
        return
    for command in (
        ["load", str(output), address],
        ["load", address],
        ["export", str(output), "--to", "sqlite", "-o", address],
        ["export", address, "--to", "sqlite"],
    ):
        with pytest.raises(SystemExit):
            cli.main(command)
    told = capsys.readouterr()
    assert "geheim" not in told.out + told.err


def test_success_shows_no_password(
    postgres: str, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = postgres.removeprefix("postgresql://fengong@")
    host, port = server.split(":")
    for address in (
        f"postgresql://fengong:geheim@{server}/postgres",
        f"postgresql://{server}/postgres?user=fengong&password=geheim",
        f"host={host} port={port} user=fengong dbname=postgres password='ge heim geheim'",
    ):
        assert cli.main(["load", str(output), "--store", address]) == 0
        assert cli.main(["search", "食堂", "--json", "--store", address]) == 0
        told = capsys.readouterr()
        assert "geheim" not in told.out + told.err
        assert host in told.err


def test_a_message_that_repeats_the_password() -> None:
    with pytest.raises(StoreError) as caught, store_errors("postgresql://u:p@h/db", ValueError):
        raise ValueError("failed at p@h")  # noqa: EM101
    assert "message repeats a password" in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://u:p@h/db", "postgresql://u:***@h/db"),
        ("postgresql://u@h:5432/db", "postgresql://u@h:5432/db"),
        ("postgresql://u:a/b@[::1]:5432/db", "postgresql://u:***@[::1]:5432/db"),
        ("postgresql://u:a@b@h/db", "postgresql://…@h/db"),
        ("postgresql:///db?host=/run&password=p", "postgresql:///db?host=/run&…"),
        ("host=h password='p q' dbname=d", "host=h dbname=d …"),
        ("output/库 a.sqlite", "output/库 a.sqlite"),
        ("sqlite:////a/s.sqlite?mode=ro", "sqlite:////a/s.sqlite?mode=ro"),
    ],
)
def test_what_is_shown(address: str, shown: str) -> None:
    assert printable_place(address) == shown


def test_short_passwords_are_words_of_their_own() -> None:
    assert not repeats_password("the server is full", "postgresql://u:e@h/db")
    assert repeats_password("no host 'e@h'", "postgresql://u:e@h/db")
    assert hide_passwords("no: a postgresql://u:p@h b") == "no: a …"


def test_a_connection_string_is_a_store(postgres: str) -> None:
    host, port = postgres.removeprefix("postgresql://fengong@").split(":")
    with Store(f"host={host} port={port} user=fengong dbname=template1") as store:
        assert not store.is_file
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_the_same_store_by_both_addresses(place: str) -> None:
    with Store(place) as store:
        load_notices([plan()], store)
        assert "***" not in store.shown
