"""A parser of arguments that speaks the language of the run and proposes what may have been meant."""

from __future__ import annotations

import argparse
import os
import re
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from pipeline.cli.examples import EXAMPLES
from pipeline.cli.language import OPTION, parse_language, translate
from pipeline.cli.terminal import printable
from pipeline.cli.wrapping import wrap
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from _typeshed import SupportsWrite

_LIKE = 0.6
# A Chinese heading, behind which argparse writes a colon of half the width.
_HEADING = re.compile(r"^(.*[\u4e00-\u9fff]):$", re.MULTILINE)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in the language of the run; Chinese is wrapped by the width that it takes."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Add the usage, with its word in the language of the run."""
        super().add_usage(
            usage, actions, groups, translate("usage: ") if prefix is None else prefix
        )

    def start_section(self, heading: str | None) -> None:
        """Begin a group of arguments."""
        super().start_section(heading and translate(heading))

    def add_text(self, text: str | None) -> None:
        """Add the description, or the examples."""
        super().add_text(text and translate(text))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and translate(action.help)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)


class Parser(argparse.ArgumentParser):
    """A parser whose messages repeat no password of a store's address and no control character.

    Help ends with examples, and fails where it cannot be printed; argparse passes over that.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(formatter_class=_Help, **options)
        self.add_argument(
            OPTION,
            type=_parse_language,
            metavar="{zh,en}",
            default=argparse.SUPPRESS,
            help="language of messages; else that of FENGONG_LANG, else of the locale",
        )

    def format_help(self) -> str:
        """Return the help, with the examples of the command."""
        lines = [translate("examples:"), *(f"  {one}" for one in EXAMPLES.get(self.prog, ()))]
        shown = _HEADING.sub(r"\1：", super().format_help())
        return "\n".join([shown, *lines, ""])

    def add_commands(self, title: str, metavar: str) -> Callable[[str, str], Parser]:
        """Begin commands below this one; return what adds one of them by its name and summary."""
        below = self.add_subparsers(title=title, required=True, metavar=metavar)
        return lambda name, summary: below.add_parser(name, help=summary, description=summary)

    @property
    def commands(self) -> dict[str, Parser]:
        """The parsers of the commands below this one, by their names."""
        below = (one.choices for one in self._actions if isinstance(one.choices, dict))
        return next(below, {})

    def check_words(self, words: Sequence[str]) -> None:
        """End with a proposal where a command or an option is mistyped.

        argparse would first name the arguments that are missing since it did not know the word.
        """
        known = self._option_string_actions
        before = ""
        for n, word in enumerate(words):
            if word == "--":
                return
            name = word.partition("=")[0]
            if name.startswith("--") and not any(one.startswith(name) for one in known):
                self._refuse_word("option", name, known)
            if self.commands and not word.startswith("-") and before != OPTION:
                if word not in self.commands:
                    self._refuse_word("command", word, self.commands)
                self.commands[word].check_words(words[n + 1 :])
                return
            before = word

    def _refuse_word(
        self, kind: Literal["command", "option"], word: str, known: Iterable[str]
    ) -> NoReturn:
        """End with what is said of an unknown word, and with the known ones that are like it."""
        proposals = " / ".join(get_close_matches(word, list(known), 2, _LIKE))
        if not proposals and kind == "command" and os.path.lexists(word):
            proposals = f"parse {word} -o output"
        if kind == "command":
            fact = f"no such command: {word}"
            proposal = f"no such command: {word} (did you mean {proposals}?)"
        else:
            fact = f"no such option: {word}"
            proposal = f"no such option: {word} (did you mean {proposals}?)"
        self.error(proposal if proposals else fact)

    def error(self, message: str) -> NoReturn:
        """Print the usage and a message, and exit with 2."""
        if "=" in message or ":" in message:
            # An address in the wrong place of a command is repeated by the message.
            from pipeline.store.address import hide_passwords  # noqa: PLC0415

            message = hide_passwords(message)
        self.print_usage(sys.stderr)
        message = printable(make_readable(message))
        self.exit(2, translate(f"{self.prog}: {message}; see {self.prog} --help") + "\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is sys.stdout:
            print(message, end="")
        else:
            super()._print_message(message, file)


def _parse_language(word: str) -> str:
    found = parse_language(word)
    if found is None:
        raise argparse.ArgumentTypeError(f"{word!r} is no language of fengong; write zh or en")
    return found
