"""A comparison as JSON, as the contract for other programs describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.comparison import Comparison


def to_json(comparison: Comparison) -> str:
    """The comparison as one JSON object, indented, with a line feed at its end."""
    return comparison.model_dump_json(indent=1) + "\n"
