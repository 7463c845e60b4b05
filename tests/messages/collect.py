"""Collect the messages that can reach a person from the source of the package.

A message is a string given to a parameter, a variable or a return value with a name of a message
(`fact`, `remedy`, `message`, `why` …), to `say`, to a table's head or to an argument's help. Values
in an f-string become named places: f"holds {len(found)} plans" -> "holds {found} plans".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path

from pipeline.messages.templates import IS_MESSAGE, PLACE

HOME = Path(__file__).parents[2] / "pipeline"

# Functions of this name return or yield messages.
_GIVES_MESSAGES = re.compile(
    r"(?:^|_)(?:faults?|warnings?|refusal|reason|describe|doubts?|explain|remedy|remarks?|special|why|message)(?:_|$)"
)
# Functions that show the first argument to a person.
_SHOWS = frozenset(
    ("say", "_say", "tell", "translate", "add_column", "make_table", "error", "ArgumentTypeError")
)
# Lists and tables to which messages are added.
_KEEPS = frozenset(("reasons", "marks", "unopened", "left_out", "alarms"))
# What it calls a reason is for its own use.
_NOT_SHOWN = "read/charset_evidence.py"
# These pass on what they are given, or say what is in the language already.
_PLUMBING = ("cli/language.py", "cli/parser.py", "cli/terminal.py", "messages/")
# Of the commands' parser: its arguments are a name and a summary.
_ADDS_COMMAND = "add"
# Keywords of argparse that are shown.
_HELP = frozenset(("help", "description", "epilog"))
_HELP_TITLE = frozenset(("add_subparsers", "add_argument_group"))
# A word or code that is no sentence: "warning", "host_units", "utf-8", "#".
_NO_WORDS = re.compile(r"[^\u4e00-\u9fff]*")
_CODE = re.compile(r"[\w.*/-]*[_.#*/\d-][\w.*/-]*|error|warning|info", re.ASCII)
# {{ say("{count} items", count=3) }} in a template of the desk.
_SAID_IN_PAGE = re.compile(r"""\bsay\(\s*(["'])(.*?)\1""")
_MOST_VARIANTS = 12
_DEPTH = 6


@dataclass(frozen=True, order=True)
class Text:
    """A template and where it stands, such as `read/plain.py:59`."""

    template: str
    place: str


@dataclass
class Module:
    """A module's syntax tree, with the strings and functions that its names mean."""

    name: str
    tree: ast.Module
    constants: dict[str, list[ast.expr]] = field(default_factory=dict)
    functions: dict[str, list[ast.FunctionDef]] = field(default_factory=dict)


Scope = ast.FunctionDef | None


class Collector:
    """The package's modules, and what their messages are; `unresolved` lists what was not understood."""

    def __init__(self, home: Path = HOME) -> None:
        self.modules = [
            _read(path, path.relative_to(home).as_posix()) for path in sorted(home.rglob("*.py"))
        ]
        self.said_in_pages = list(_read_pages(home))
        self.texts: list[Text] = []
        self.unresolved: list[str] = []
        self.found: dict[str, Text] = {}

    @cached_property
    def parameters(self) -> dict[str, list[list[str]]]:
        """The names of parameters of each function and class, by its simple name."""
        known: dict[str, list[list[str]]] = {}
        for module in self.modules:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.FunctionDef):
                    known.setdefault(node.name, []).append(_parameters(node))
                elif isinstance(node, ast.ClassDef):
                    known.setdefault(node.name, []).append(_class_parameters(node))
        errors = ["place", "fact", "remedy"]
        known["cls"] = [errors]
        for name in list(known):
            if name.endswith("Error"):
                known[name] = [errors]
        return known

    def collect(self) -> list[Text]:
        """Return every message of the package; they stay in `texts`."""
        for module in self.modules:
            _Visitor(self, module).visit(module.tree)
        for name, line, text in self.said_in_pages:
            if is_message(text):
                self.found.setdefault(text, Text(text, f"{name}:{line}"))
        self.texts = list(self.found.values())
        return self.texts

    def add(self, expression: ast.expr, module: Module, scope: Scope) -> None:
        """Add the texts that an expression can be."""
        for text in self.resolve(expression, module, scope, _DEPTH):
            if text is None and not module.name.startswith(_PLUMBING):
                self.unresolved.append(
                    f"{module.name}:{expression.lineno}: {ast.unparse(expression)}"
                )
            elif text is not None:
                self.add_text(text, module, expression.lineno)

    def add_text(self, text: str, module: Module, line: int) -> None:
        """Add a template if it has words."""
        if is_message(text) and not module.name.startswith(_NOT_SHOWN):
            self.found.setdefault(text, Text(text, f"{module.name}:{line}"))

    def resolve(  # noqa: C901, PLR0912 - one case for each kind of expression
        self, node: ast.expr, module: Module, scope: Scope, depth: int
    ) -> list[str | None]:
        """Return the templates that an expression can be; None for what is not understood."""
        if depth == 0:
            return [None]
        match node:
            case ast.Constant(value=str() as text):
                return [escape(text)]
            case ast.Constant():
                return []
            case ast.JoinedStr():
                return self._resolve_f_string(node, module, scope, depth)
            case ast.IfExp(body=one, orelse=other):
                return [
                    *self.resolve(one, module, scope, depth),
                    *self.resolve(other, module, scope, depth),
                ]
            case ast.BoolOp(values=values):
                return [x for one in values for x in self.resolve(one, module, scope, depth)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                pairs = product(
                    self.resolve(left, module, scope, depth),
                    self.resolve(right, module, scope, depth),
                )
                return [None if a is None or b is None else a + b for a, b in pairs][
                    :_MOST_VARIANTS
                ]
            case ast.Name(id=name):
                return self._resolve_name(name, module, scope, depth)
            case ast.Dict(values=values):
                return [x for one in values for x in self.resolve(one, module, scope, depth)]
            case ast.Subscript(value=value):
                return self._resolve_table(value, module, scope, depth)
            case ast.Attribute(attr=attr) if IS_MESSAGE.fullmatch(attr):
                return []
            case ast.Call():
                return self._resolve_call(node, module, scope, depth)
            case ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self.resolve(value, module, scope, depth)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                found = [x for one in elements for x in self.resolve(one, module, scope, depth)]
                # A row of a table has more than its message.
                return [x for x in found if x is not None] or found
            case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element):
                return self.resolve(element, module, scope, depth)
        return [None]

    def _resolve_f_string(
        self, node: ast.JoinedStr, module: Module, scope: Scope, depth: int
    ) -> list[str | None]:
        parts: list[list[str]] = []
        used: dict[str, int] = {}
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append([escape(str(part.value))])
                continue
            assert isinstance(part, ast.FormattedValue)
            variants = self._variants(part.value, module, scope, depth)
            if variants:
                parts.append(variants)
                continue
            name = place_name(part.value)
            used[name] = used.get(name, 0) + 1
            shown = name if used[name] == 1 else f"{name}_{used[name]}"
            parts.append([f"{{{shown}!r}}" if part.conversion == ord("r") else f"{{{shown}}}"])
        return ["".join(one) for one in product(*parts)]

    def _variants(self, node: ast.expr, module: Module, scope: Scope, depth: int) -> list[str]:
        """Return the few words that a value in a text can be; none where it is any value."""
        if isinstance(node, ast.Name) and IS_MESSAGE.fullmatch(node.id):
            return []
        if not isinstance(node, ast.IfExp | ast.Name | ast.Constant):
            return []
        found = self.resolve(node, module, scope, min(depth, 2))
        known = [one for one in found if one is not None]
        return known if len(known) == len(found) <= 4 else []

    def _resolve_name(
        self, name: str, module: Module, scope: Scope, depth: int
    ) -> list[str | None]:
        values = _assigned(scope, name) if scope else []
        if (
            scope
            and not values
            and name in [one.arg for one in ast.walk(scope) if isinstance(one, ast.arg)]
        ):
            return [] if IS_MESSAGE.fullmatch(name) else [None]
        values = values or module.constants.get(name, [])
        if not values:
            others = (one.constants[name] for one in self.modules if name in one.constants)
            values = next(others, []) if name.isupper() else []
        if not values:
            return [] if IS_MESSAGE.fullmatch(name) else [None]
        return [x for one in values for x in self.resolve(one, module, scope, depth - 1)]

    def _resolve_table(
        self, node: ast.expr, module: Module, scope: Scope, depth: int
    ) -> list[str | None]:
        """Return the sentences of a table that is a constant of the module."""
        if isinstance(node, ast.Name) and node.id in module.constants:
            tables = module.constants[node.id]
            return [
                escape(x) if "{" not in x else name_places(x)
                for one in tables
                for x in _strings(one)
            ]
        if isinstance(node, ast.Subscript):
            return self._resolve_table(node.value, module, scope, depth)
        if isinstance(node, ast.Name) and scope:
            values = _assigned(scope, node.id)
            return [x for one in values for x in self.resolve(one, module, scope, depth - 1)] or [
                None
            ]
        return [None]

    def _resolve_call(
        self, node: ast.Call, module: Module, scope: Scope, depth: int
    ) -> list[str | None]:
        match node.func:
            case ast.Attribute(value=template, attr="format"):
                found = self.resolve(template, module, scope, depth)
                return [
                    one and name_places(one.replace("{{", "{").replace("}}", "}")) for one in found
                ]
            case ast.Attribute(value=table, attr="get") if isinstance(table, ast.Name):
                rest = node.args[1:2]
                more = [x for one in rest for x in self.resolve(one, module, scope, depth)]
                return [*self._resolve_table(table, module, scope, depth), *more]
            case ast.Attribute(value=value, attr="strip" | "rstrip" | "values" | "items"):
                return self.resolve(value, module, scope, depth)
            case ast.Name(id="str") if node.args:
                return []
            case ast.Name(id="translate" | "join") if node.args:
                return self.resolve(node.args[0], module, scope, depth)
            case ast.Name(id="filter" | "next" | "chain" | "list" | "tuple" | "sorted"):
                return [x for one in node.args for x in self.resolve(one, module, scope, depth)]
            case ast.Name(id=name) | ast.Attribute(attr=name):
                if _GIVES_MESSAGES.search(name):
                    return []  # what it gives is collected where it is defined
                for one in [module, *self.modules]:
                    if name in one.functions:
                        given = [
                            (value, function)
                            for function in one.functions[name]
                            for value in _given(function)
                        ]
                        return [
                            x
                            for value, function in given
                            for x in self.resolve(value, one, function, depth - 1)
                        ]
        return [None]


class _Visitor(ast.NodeVisitor):
    """Walks a module and adds what is given to names of messages."""

    def __init__(self, collector: Collector, module: Module) -> None:
        self.collector = collector
        self.module = module
        self.scopes: list[Scope] = [None]

    def add(self, node: ast.expr) -> None:
        self.collector.add(node, self.module, self.scopes[-1])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.scopes.append(node)
        if _GIVES_MESSAGES.search(node.name) and not node.name.startswith("__"):
            for value in _given(node):
                self._add_if_text(value)
        self.generic_visit(node)
        self.scopes.pop()

    def _add_if_text(self, value: ast.expr) -> None:
        """Add a returned value if it is a text; functions that return records are passed over."""
        returns = self.scopes[-1].returns if self.scopes[-1] else None
        if returns is not None and re.search(r"\bstr\b", ast.unparse(returns)):
            self.add(value)

    def visit_Call(self, node: ast.Call) -> None:
        name = _simple_name(node.func)
        is_string_method = name == "translate" and isinstance(node.func, ast.Attribute)
        if name in _SHOWS and not is_string_method:
            for value in node.args:
                self.add(value)
        if name in ("append", "setdefault") and _owner_name(node.func) in _KEEPS:
            self._add_words(node.args[-1])
        if name == "add_commands":
            self.add(node.args[0])
        if name == "add" and self.module.name in ("cli/arguments.py", "cli/cluster_arguments.py"):
            self.add(node.args[1])
        if isinstance(node.func, ast.Attribute) and name == "__init__" and node.args:
            self._add_words(node.args[0])
        if name.endswith("Error") and len(node.args) == 3:
            self._add_words(node.args[0])
        for keyword in node.keywords:
            is_help = keyword.arg in _HELP and self.module.name.startswith("cli/")
            is_field = self.module.name == "model.py" and name == "Field" and keyword.arg == "title"
            if is_help or is_field or (keyword.arg == "title" and name in _HELP_TITLE):
                self.add(keyword.value)
        for value in self._bound(node, name):
            self.add(value)
        self.generic_visit(node)

    def _add_words(self, value: ast.expr) -> None:
        """Add what is known of an expression: the place of an error where it is f"{path} line {n}"."""
        module, scope = self.module, self.scopes[-1]
        for text in self.collector.resolve(value, module, scope, _DEPTH):
            if text is not None:
                self.collector.add_text(text, module, value.lineno)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Add the texts of a constant that is a table of messages."""
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id.endswith(("_MESSAGE", "_MESSAGES")):
            for one in _strings(node.value):
                self.collector.add_text(name_places(one), self.module, node.lineno)
        if isinstance(target, ast.Name) and IS_MESSAGE.fullmatch(target.id):
            self._add_words(node.value)
        if isinstance(target, ast.Subscript) and _simple_name(target.value) in _KEEPS:
            self._add_words(node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Add the texts of a constant with its type."""
        if node.value is not None:
            self.visit_Assign(ast.Assign([node.target], node.value, lineno=node.lineno))

    def _bound(self, node: ast.Call, name: str) -> Iterator[ast.expr]:
        """Yield the arguments of a call that are bound to a parameter with a name of a message."""
        done = set()
        for parameters in self.collector.parameters.get(name, ()):
            for parameter, value in zip(parameters, node.args, strict=False):
                if IS_MESSAGE.fullmatch(parameter) and id(value) not in done:
                    done.add(id(value))
                    yield value
            for keyword in node.keywords:
                is_ours = keyword.arg in parameters and IS_MESSAGE.fullmatch(keyword.arg or "")
                if is_ours and id(keyword.value) not in done:
                    done.add(id(keyword.value))
                    yield keyword.value


def _read_pages(home: Path) -> Iterator[tuple[str, int, str]]:
    """Yield the messages of the desk's templates, each with its file and line."""
    for path in sorted((home / "web").rglob("*.html")):
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            for found in _SAID_IN_PAGE.finditer(line):
                yield path.relative_to(home).as_posix(), n, found[2]


def _read(path: Path, name: str) -> Module:
    module = Module(name, ast.parse(path.read_text("utf-8")))
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=constant)], value=value):
                module.constants.setdefault(constant, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=constant), value=ast.expr() as value):
                module.constants.setdefault(constant, []).append(value)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef):
            module.functions.setdefault(node.name, []).append(node)
    return module


def _parameters(node: ast.FunctionDef) -> list[str]:
    """Return the names of a function's parameters; "" in the place of one that is no text."""
    listed = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    listed = listed[1:] if listed and listed[0].arg in ("self", "cls") else listed
    return [one.arg if _is_text(one.annotation) else "" for one in listed]


def _is_text(annotation: ast.expr | None) -> bool:
    return annotation is None or bool(re.search(r"\bstr\b", ast.unparse(annotation)))


def _class_parameters(node: ast.ClassDef) -> list[str]:
    """Return the parameters of a class: those of its constructor, or its fields."""
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name == "__init__":
            return _parameters(one)
    return [
        one.target.id if _is_text(one.annotation) else ""
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]


def _simple_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _owner_name(node: ast.expr) -> str:
    """Return the name of what a method is called of: reasons of matching.reasons.setdefault."""
    return _simple_name(node.value) if isinstance(node, ast.Attribute) else ""


def _given(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield what a function returns or yields, its inner functions aside."""
    for node in _own_nodes(function):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
            yield node.value


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting += ast.iter_child_nodes(node)


def _assigned(function: ast.FunctionDef, name: str) -> list[ast.expr]:
    """Return the values that a function assigns to a name."""
    found: list[ast.expr] = []
    for node in _own_nodes(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    found += _unpack(target, value, name)
            case ast.AnnAssign(target=ast.Name(id=one), value=ast.expr() as value) if one == name:
                found.append(value)
            case ast.AugAssign(target=ast.Name(id=one), value=value) if one == name:
                found.append(value)
            case ast.NamedExpr(target=ast.Name(id=one), value=value) if one == name:
                found.append(value)
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                if name in {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}:
                    found.append(value)
    return found


def _unpack(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _unpack(one, other, name)
    elif isinstance(target, ast.Tuple) and any(
        isinstance(one, ast.Name) and one.id == name for one in target.elts
    ):
        yield value


def _strings(node: ast.expr) -> Iterator[str]:
    """Yield the values of a table that are sentences, not its keys."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.Dict(values=values):
            for one in values:
                yield from _strings(one)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for one in elements:
                yield from _strings(one)


def place_name(node: ast.expr) -> str:
    """Return a name for a value: `found` of len(found), `path` of error.path, `count` of sum(…)."""
    match node:
        case ast.Name(id=name):
            return name.strip("_").lower()
        case ast.Attribute(attr=attr):
            return attr.strip("_").lower()
        case ast.Subscript(value=value) | ast.Starred(value=value) | ast.UnaryOp(operand=value):
            return place_name(value)
        case ast.Call(
            func=ast.Name(id="len" | "str" | "repr" | "printable" | "make_readable"), args=[one]
        ):
            return place_name(one)
        case ast.Call(func=ast.Name(id="sum" | "max" | "min")):
            return "count"
        case ast.Call(func=ast.Attribute(attr="join"), args=[one]):
            name = place_name(one)
            return name if name.endswith("_parts") else f"{name}_parts"
        case ast.Call(func=function):
            return place_name(function)
        case ast.BinOp(left=left) | ast.IfExp(body=left):
            return place_name(left)
        case ast.BoolOp(values=[first, *_]):
            return place_name(first)
        case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element):
            return place_name(element)
    return "value"


def escape(text: str) -> str:
    """Return a text as a template without places."""
    return text.replace("{", "{{").replace("}", "}}")


def name_places(template: str) -> str:
    """Name the places of a template for str.format: {} -> {value}, {:,} -> {value}."""
    return re.sub(
        r"\{(\w*)(!r)?[^{}]*\}",
        lambda match: f"{{{match[1] or 'value'}{match[2] or ''}}}",
        template,
    )


def is_message(text: str) -> bool:
    """Whether a template has words, or messages between marks: not "{path}", "host_units", "--who"."""
    bare = PLACE.sub("", text)
    if re.search(r"[\u4e00-\u9fff]", bare):
        return True
    has_words = re.search(r"[A-Za-z]{2}", bare)
    if not has_words:
        return bool(bare) and any(IS_MESSAGE.fullmatch(name) for name, _ in PLACE.findall(text))
    return not _CODE.fullmatch(text)
