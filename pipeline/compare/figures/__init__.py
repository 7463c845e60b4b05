"""Numbers that changed between two wordings of one demand, with their units."""

from __future__ import annotations

from pipeline.compare.figures.pair_figures import ChangedFigure, find_figures
from pipeline.compare.figures.read_figures import Figure, read_figures

__all__ = ["ChangedFigure", "Figure", "find_figures", "read_figures"]
