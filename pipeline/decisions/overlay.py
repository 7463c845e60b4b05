"""What people decided in an OUTPUT, laid over its notices: corrections first, then judgements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.folder import DatasetWriter
from pipeline.dataset.in_force import read_names
from pipeline.dataset.manifest import JUDGEMENTS, overlay_hashes, parser_version, read_manifest
from pipeline.decisions.anchors import Spot, spot_of
from pipeline.decisions.corrections import kept_corrections
from pipeline.decisions.judgements import judge_notice, read_judgements, resolve_anew
from pipeline.decisions.laying import assign, lay_over, strip
from pipeline.lexicon import folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipeline.dataset.manifest import Summary
    from pipeline.decisions.correction import Correction
    from pipeline.model import Notice


class Decisions:
    """What an OUTPUT keeps of people's decisions. Raises CorrectionError, LexiconError."""

    def __init__(self, output: Path) -> None:
        self.corrections = kept_corrections(output)
        path = output / JUDGEMENTS
        self.judgements = read_judgements(path) if path.is_file() else []

    def assign(self, records: Iterable[Summary]) -> dict[str, list[Correction]]:
        """The corrections of each of an OUTPUT's notices, by its id."""
        spots = (Spot(one.notice_id, one.path or "", one.source) for one in records)
        assigned = assign(self.corrections, spots)
        assigned.pop("", None)
        return assigned

    def made_for(self, notice_id: str) -> list[Correction]:
        """The corrections that were made for a notice, whatever else is there."""
        return [one for one in self.corrections if one.anchor.notice_id == notice_id]

    def lay(self, notice: Notice, own: Sequence[Correction]) -> Notice:
        """A notice under the corrections that are its own, and the judgements."""
        return judge_notice(lay_over(notice, own)[0], self.judgements)


def lay_anew(output: Path, notices: Sequence[Notice]) -> int:
    """Write an OUTPUT's records under the decisions that it keeps now.

    Returns how many mentions have another body than before. Raises CorrectionError, LexiconError,
    OutputError.
    """
    decisions = Decisions(output)
    told = read_manifest(output)
    hashes = overlay_hashes(output)
    # A record that was judged has lost what parsing gave its names.
    is_judged = bool(decisions.judgements) or told.overlays.get(JUDGEMENTS) != hashes[JUDGEMENTS]
    assigned = assign(decisions.corrections, map(spot_of, notices))
    writer = DatasetWriter(output)
    changed = 0
    for notice in notices:
        bare = strip(notice)
        if is_judged:
            bare = resolve_anew(bare)
        laid = decisions.lay(bare, assigned.get(notice.notice_id, ()))
        pairs = zip(_bodies(notice), _bodies(laid), strict=True)
        changed += sum(before != after for before, after in pairs)
        writer.add(laid)
    # Names were read by other tables than those in use now: the next run parses all anew.
    is_same = told.parser == parser_version(folder())
    writer.close(parser=None if is_same else "")
    return changed


def _bodies(notice: Notice) -> list[str | None]:
    return [name.canonical for name in read_names(notice)]
