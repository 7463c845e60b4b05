"""What argparse says of itself, as templates for the catalogues."""

from __future__ import annotations

ARGPARSE_MESSAGES = (
    "usage: ",
    "options",
    "positional arguments",
    "show this help message and exit",
    "show program's version number and exit",
    "argument {argument}: {fact}",
    "the following arguments are required: {argument_parts}",
    "one of the arguments {arguments} is required",
    "unrecognized arguments: {arguments}",
    "not allowed with argument {argument}",
    "ambiguous option: {option} could match {option_parts}",
    "ignored explicit argument {value!r}",
    "expected one argument",
    "expected at least one argument",
    "expected at most one argument",
    "invalid choice: {value!r} (choose from {choice_parts})",
    "invalid {type} value: {value!r}",
)
