"""Whether a process gives the same records as another one: the same parser, word tables and libraries."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pipeline
from pipeline import __version__
from pipeline.dataset.parser_version import parser_version
from pipeline.errors import ClusterError, LexiconError
from pipeline.lexicon import folder, lay_over

# A user's word tables: the name and the bytes of each.
Tables = tuple[tuple[str, bytes], ...]
_NEEDED = ("distributed", "fsspec", "pyarrow")
_INSTALL = "install fengong of this version with its extra cluster on every worker"


class Fitness(NamedTuple):
    """What decides on the records that a process makes, and what it lacks to make any."""

    version: str
    parser: str
    lexicon: str
    missing: tuple[str, ...]


class Expected(NamedTuple):
    """The fitness that all processes must have, and the word tables that the run lays over ours."""

    fitness: Fitness
    tables: Tables


def expect_own() -> Expected:
    """Return what this process has, with the word tables that were laid over ours in it."""
    over = folder()
    paths = sorted(over.glob("*.csv")) if over else []
    return Expected(_find_fitness(), tuple((path.name, path.read_bytes()) for path in paths))


def find_fitness(tables: Tables) -> Fitness:
    """Lay word tables over ours in this process, and return its fitness. Raises LexiconError."""
    over = _keep(tables) if tables else None
    # Each thread has its own.
    if folder() != over:
        lay_over(over)
    return _find_fitness()


def _find_fitness() -> Fitness:
    missing = tuple(name for name in _NEEDED if find_spec(name) is None)
    return Fitness(__version__, parser_version(folder()), _hash_tables(folder()), missing)


@cache
def _keep(tables: Tables) -> Path:
    """Write tables into a folder that lasts as long as this process."""
    kept = Path(tempfile.mkdtemp(prefix="fengong-lexicon-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    for name, data in tables:
        (kept / name).write_bytes(data)
    return kept


@cache
def _hash_tables(over: Path | None) -> str:
    digest = hashlib.sha256()
    ours = sorted((Path(pipeline.__file__).parent / "lexicon").glob("*.csv"))
    for path in [*ours, *(sorted(over.glob("*.csv")) if over else ())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def check_fitness(worker: str, has: Fitness | BaseException, expected: Fitness) -> None:
    """Raise ClusterError where a worker, by its address, would not give the records of this run."""
    place = f"worker {worker}"
    if isinstance(has, ImportError):
        raise ClusterError(place, f"has no such fengong ({has})", _INSTALL)
    if isinstance(has, LexiconError):
        fact = f"has the words of other tables in use ({has.fact})"
        raise ClusterError(place, fact, "start the workers again")
    if isinstance(has, BaseException):
        raise ClusterError(place, f"does not answer ({has})", "start it again")
    if has.missing:
        raise ClusterError(place, f"lacks {', '.join(has.missing)}", _INSTALL)
    if has.version != expected.version:
        fact = f"has fengong {has.version}, this is {expected.version}"
        raise ClusterError(place, fact, _INSTALL)
    if has.lexicon != expected.lexicon:
        fact = f"has other word tables (checksum {has.lexicon[:12]}, here {expected.lexicon[:12]})"
        raise ClusterError(place, fact, _INSTALL)
    if has.parser != expected.parser:
        fact = f"has another parser or other libraries ({has.parser[:12]}, here {expected.parser[:12]})"
        raise ClusterError(place, fact, _INSTALL)
