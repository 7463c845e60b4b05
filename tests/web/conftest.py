"""What the tests of the desk share: one OUTPUT, and a client of a desk over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.web.app import create_app
from pipeline.web.settings import DeskSettings
from tests.web.outputs import make_output
from tests.web.small_desk import make_small_output, open_desk


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OUTPUT that no test changes."""
    return make_output(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="session")
def desk(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a desk over it, which only reads."""
    settings = DeskSettings(made, cache=tmp_path_factory.mktemp("cache"))
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8400") as client:
        yield client


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small OUTPUT, to be copied."""
    return make_small_output(tmp_path_factory.mktemp("parsed"))


@pytest.fixture
def output(parsed: Path, tmp_path: Path) -> Path:
    """A copy of the small OUTPUT, which a test may change."""
    return Path(shutil.copytree(parsed, tmp_path / "output"))


@pytest.fixture
def own_desk(output: Path) -> Iterator[TestClient]:
    """A desk over the copy."""
    with open_desk(output) as client:
        yield client
