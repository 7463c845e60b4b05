"""How many small planted faults the tests find: `make mutants MUTANTS=200 SEED=1`.

A mutant is one changed operator, number, word, condition or return value in pipeline/parse, names or
compare. Each runs in a copy of the checkout against the tests that its package concerns, up to the
first failure: at first those that mirror its module, then whole records, then the others. A mutant
that passes them all survives and is printed with its line. Prints the share found and exits 1 below
the floor.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.conftest import ROOT, SHARED

PACKAGES = ("pipeline/parse", "pipeline/names", "pipeline/compare")
# The tests that a fault in a package concerns: its own, and those of what is made with it.
TESTS = {
    "parse": ("tests/parse",),
    "names": ("tests/names", "tests/parse"),
    "compare": ("tests/compare", "tests/parse/test_golden.py"),
}
# Whole records: after the tests of the module, these find most faults in the least time.
_TELLING = ("tests/parse/test_cases.py", "tests/parse/test_notice.py", "tests/parse/test_golden.py")
# Thousands of random texts, and a browser: what they find, others mostly find sooner.
_SLOW = ("test_generated", "test_grammar", "test_growth", "test_invariants", "test_comparison_page")
COPIED = ("pipeline", "tests", "benchmarks", "raw", "output", "docs", "pyproject.toml", "README.md")
FLOOR = 0.85
# A mutant that runs so many times as long as all tests without one, and so many seconds, never ends.
_PATIENCE, _LEAST_SECONDS = 2, 30
_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip
_SKIPPED = (ast.AnnAssign, ast.arg, ast.Import, ast.ImportFrom)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One planted fault: the file, the n-th site in it, its line, and a description."""

    path: str
    site: int
    line: int
    change: str


def find_sites(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Nodes of functions that can be changed, each with a description of the change."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for statement in function.body[1:] if ast.get_docstring(function) else function.body:
                yield from _statement_sites(statement)


def _statement_sites(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return  # visited by itself
    if not isinstance(node, _SKIPPED):
        change = _change_of(node)
        if change:
            yield node, change
        for child in ast.iter_child_nodes(node):
            yield from _statement_sites(child)


def _change_of(node: ast.AST) -> str:
    match node:
        case ast.Compare(ops=[one]) if type(one) in _SWAPPED:
            return f"{type(one).__name__} -> {_SWAPPED[type(one)].__name__}"
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in _SWAPPED:
            return f"{type(op).__name__} -> {_SWAPPED[type(op)].__name__}"
        case ast.UnaryOp(op=ast.Not()):
            return "not x -> x"
        case ast.Constant(value=bool() as value):
            return f"{value} -> {not value}"
        case ast.Constant(value=int() as value):
            return f"{value} -> {value + 1}"
        case ast.Constant(value=str() as value) if value and len(value) < 40:
            return f"{value!r} -> another word"
        case ast.If() | ast.While() | ast.IfExp():
            return "condition negated"
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            return "return None"
        case ast.Continue():
            return "continue -> break"
    return ""


def apply_change(node: ast.AST) -> None:
    """Change a node of a tree in place."""
    match node:
        case ast.Compare():
            node.ops = [_SWAPPED[type(node.ops[0])]()]  # type: ignore[list-item]
        case ast.BoolOp() | ast.BinOp():
            node.op = _SWAPPED[type(node.op)]()  # type: ignore[assignment]
        case ast.UnaryOp():
            node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
        case ast.Constant(value=bool() as value):
            node.value = not value
        case ast.Constant(value=int() as value):
            node.value = value + 1
        case ast.Constant():
            node.value = "缺陷"
        case ast.If() | ast.While() | ast.IfExp():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Return():
            node.value = ast.Constant(None)


def mutated(source: str, site: int) -> str:
    """A module's source with its n-th site changed."""
    tree = ast.parse(source)
    node = next(node for n, (node, _) in enumerate(find_sites(tree)) if n == site)
    if isinstance(node, ast.Continue):
        tree = _with_break(tree, node)
    else:
        apply_change(node)
    return ast.unparse(ast.fix_missing_locations(tree))


def _with_break(tree: ast.Module, node: ast.Continue) -> ast.Module:
    for parent in ast.walk(tree):
        for _, value in ast.iter_fields(parent):
            if isinstance(value, list) and any(one is node for one in value):
                value[:] = [ast.Break() if one is node else one for one in value]
    return copy.copy(tree)


def choose_mutants(many: int, seed: int, packages: tuple[str, ...]) -> list[Mutant]:
    """Some of all possible mutants, at random by a seed."""
    every = [
        Mutant(path.relative_to(ROOT).as_posix(), n, getattr(node, "lineno", 0), change)
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        for n, (node, change) in enumerate(find_sites(ast.parse(path.read_text("utf-8"))))
    ]
    return random.Random(seed).sample(every, min(many, len(every)))  # noqa: S311


def copy_checkout(folder: Path, checkout: Path = ROOT) -> Path:
    """Copy what the tests need of a checkout; the shared documents are linked beside the copy."""
    tree = folder / "checkout"
    tree.mkdir(parents=True)
    for name in COPIED:
        source = checkout / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, tree / name)
    if SHARED.is_dir():
        (folder / "shared").symlink_to(SHARED)
    return tree


def find_tests(tree: Path, module: str) -> list[list[str]]:
    """The files of tests for a mutant of a module, in the steps in which they run.

    First the folder that mirrors the module's, its own tests before the others; then what compares
    whole records; then the rest; at the end what is slow. Collecting takes longer than most tests
    do, so that each step is a run of its own.
    """
    mirror = Path(module.replace("pipeline/", "tests/", 1))
    steps: list[list[str]] = [[], [], []]
    for path in _tests_of(tree, mirror.parts[1]):
        name = path.relative_to(tree).as_posix()
        if path.stem in _SLOW:
            steps[2].append(name)
        elif path.parent == tree / mirror.parent:
            own = path.stem == f"test_{mirror.stem}"
            steps[0].insert(0 if own else len(steps[0]), name)
        else:
            steps[1 if name in _TELLING else 2].append(name)
    return [step for step in steps if step]


def _tests_of(tree: Path, package: str) -> list[Path]:
    places = [tree / name for name in TESTS.get(package, ("tests",))]
    found = [sorted(one.rglob("test_*.py")) if one.is_dir() else [one] for one in places]
    return [path for paths in found for path in paths if path.exists()]


def is_killed(mutant: Mutant, tree: Path, seconds: float) -> bool:
    """Whether a test fails, or none ends in time, with the mutant in place of the module."""
    path = tree / mutant.path
    source, before = path.read_text("utf-8"), path.stat()
    path.write_text(mutated(source, mutant.site), "utf-8")
    try:
        return not all(passes(tree, tests, seconds) for tests in find_tests(tree, mutant.path))
    except subprocess.TimeoutExpired:
        print(told(mutant, "does not end"), flush=True)
        return True
    finally:
        path.write_text(source, "utf-8")
        # With its old time the module's compiled form is true again; that of a mutant is not kept.
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def passes(tree: Path, tests: list[str], seconds: float | None = None) -> bool:
    """Whether these tests of a checkout pass, one after the other.

    Without a limit of time the modules' compiled forms are kept for the runs to come. Raises
    TimeoutExpired where the tests take more seconds than the limit.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    keep = {} if seconds is None else {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=tree, capture_output=True, check=False, timeout=seconds,
        env=os.environ | keep,
    )  # fmt: skip
    return done.returncode == 0


def told(mutant: Mutant, fate: str) -> str:
    """A mutant as it is printed: what became of it, the place, the change and the line itself."""
    line = (ROOT / mutant.path).read_text("utf-8").splitlines()[mutant.line - 1]
    return f"{fate}: {mutant.path}:{mutant.line}: {mutant.change}: {line.strip()}"


def main() -> int:
    """Run mutants and print those that survive; exit 1 below the floor."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__)
    parser.add_argument("mutants", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--package", action="append", help="instead of parse, names and compare")
    args = parser.parse_args()
    mutants = choose_mutants(args.mutants, args.seed, tuple(args.package or PACKAGES))
    with tempfile.TemporaryDirectory() as name:
        first = copy_checkout(Path(name) / "0")
        started = time.monotonic()
        packages = {Path(mutant.path).parts[1] for mutant in mutants}
        tests = {
            test.relative_to(first).as_posix() for p in packages for test in _tests_of(first, p)
        }
        if not passes(first, sorted(tests)):
            print("the tests fail without a mutant; mend them first", file=sys.stderr)
            return 2
        seconds = _PATIENCE * (time.monotonic() - started) + _LEAST_SECONDS
        trees: SimpleQueue[Path] = SimpleQueue()
        trees.put(first)
        for n in range(1, args.jobs):
            trees.put(copy_checkout(Path(name) / str(n), first))

        def run(mutant: Mutant) -> bool:
            tree = trees.get()
            try:
                return is_killed(mutant, tree, seconds)
            finally:
                trees.put(tree)

        killed = 0
        with ThreadPoolExecutor(args.jobs) as pool:
            for mutant, dead in zip(mutants, pool.map(run, mutants), strict=True):
                killed += dead
                if not dead:
                    print(told(mutant, "survives"), flush=True)
    share = killed / len(mutants)
    print(f"{killed} of {len(mutants)} mutants found ({share:.1%}), seed {args.seed}")
    return 0 if share >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
