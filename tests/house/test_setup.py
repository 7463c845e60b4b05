"""What `make demo` and `make test` install: the lock files are closed and agree with each other."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")
PYTHONS = ("3.11.2", "3.11.9", "3.12.1", "3.12.9", "3.13.0", "3.13.9")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
_PIN = re.compile(
    r"^([a-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+))?((?: \\\n    --hash=\S+)+)", re.MULTILINE
)

Pins = dict[str, str]


def environment(python: str) -> dict[str, str]:
    """The markers' variables on Linux under a Python version."""
    told = {key: str(value) for key, value in default_environment().items()}
    return told | {"python_version": python.rpartition(".")[0], "python_full_version": python}


def pins(lock: str, python: str) -> Pins:
    """Name -> version of what a lock file installs under a Python version."""
    found = {}
    for name, version, marker, _ in _PIN.findall((ROOT / lock).read_text("utf-8")):
        if not marker or Marker(marker).evaluate(environment(python)):
            assert name not in found, f"{lock}: {name} is locked twice under Python {python}"
            found[name] = version
    return found


def roots(lock: str) -> list[str]:
    """The requirements of pyproject.toml that a lock file is made from."""
    groups = PROJECT["dependency-groups"]
    if lock == "requirements-build.lock":
        return list(groups["build"])
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = ["office", "pdf"] if lock == "requirements.lock" else list(extras)
    found = [*PROJECT["project"]["dependencies"], *(one for key in wanted for one in extras[key])]
    if lock == "requirements-dev.lock":
        found += [one for key in ("build", "dev") for one in groups[key] if isinstance(one, str)]
    return found


def missing(lock: str, python: str) -> list[str]:
    """Requirements that the lock file itself does not meet; empty if it is closed.

    What a locked distribution requires is read from its metadata as installed here. One of which
    another version is installed here (numpy under another Python) is checked when the tests run there.
    """
    locked = pins(lock, python)
    queue = [Requirement(one) for one in roots(lock)]
    seen, found = set(), []
    while queue:
        wanted = queue.pop()
        name = canonicalize_name(wanted.name)
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        if name not in locked:
            found.append(f"{wanted} is not locked")
            continue
        if not wanted.specifier.contains(locked[name], prereleases=True):
            found.append(f"{wanted} is locked at {locked[name]}")
        elif find_version(name) == locked[name]:
            queue += requirements(name, wanted.extras, python)
    return found


def find_version(name: str) -> str | None:
    """The installed version; None for what another Python alone needs, whose own run looks at it."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def requirements(name: str, extras: set[str], python: str) -> list[Requirement]:
    """What an installed distribution with some extras requires under a Python version."""
    found = []
    for text in metadata.requires(name) or ():
        one = Requirement(text)
        told = [environment(python) | {"extra": extra} for extra in ("", *extras)]
        if one.marker is None or any(map(one.marker.evaluate, told)):
            found.append(one)
    return found


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_closed(lock: str, python: str) -> None:
    assert missing(lock, python) == []


@pytest.mark.parametrize("gone", ["pydantic-core", "numpy"])
def test_a_gap_in_a_lock_is_found(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pins
    monkeypatch.setattr(
        "tests.house.test_setup.pins",
        lambda lock, python: {k: v for k, v in whole(lock, python).items() if k != gone},
    )
    assert any(one.startswith(gone) for one in missing("requirements.lock", "3.12.1"))


@pytest.mark.parametrize("python", PYTHONS)
def test_the_locks_agree(python: str) -> None:
    build, run, dev = (pins(lock, python) for lock in LOCKS)
    assert build.items() <= dev.items()
    assert run.items() <= dev.items()


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-peers.lock"])
def test_a_lock_pins_everything_and_names_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"https?://|index-url|file:", text)
    assert _PIN.sub("", text).strip() == ""


def test_this_environment_is_the_locked_one() -> None:
    """`make test` installs what is locked, so that the tests above read the right metadata."""
    python = ".".join(map(str, sys.version_info[:3]))
    locked = pins("requirements-dev.lock", python)
    assert {name: metadata.version(name) for name in locked} == locked


def test_metadata_name_the_project() -> None:
    told = metadata.metadata("fengong")
    assert told["Name"] == "fengong"
    assert "Programming Language :: Python :: 3.13" in told.get_all("Classifier", [])
    assert told["Author"] == "The fengong project"
    assert not [one for one in metadata.requires("fengong") or () if "extra == 'dev'" in one]
