"""Judge names of an OUTPUT: every decision is kept and applied at once, and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.dataset.manifest import JUDGEMENTS, MANIFEST
from pipeline.dataset.record_files import read_records
from pipeline.decisions.concerned import apply_concerned, read_concerned
from pipeline.decisions.judgements import Judgement, read_judgements, replace_judgements
from pipeline.decisions.overlay import all_or_nothing, apply_anew
from pipeline.errors import LexiconError
from pipeline.web.kept_values import KeptValues, NoticeParts, stamp_files
from pipeline.web.names_desk.candidates import Candidate, find_case_candidates, find_known_bodies
from pipeline.web.names_desk.name_cases import NameCase, find_notice_names, gather_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pipeline.errors import PipelineError
    from pipeline.web.waiting import Waiting

Decision = Literal["same", "different", "unsure"]
_NAME = "name"
_BODY = "body"
_WHO = "who"
# The judgements that can be taken back one after the other.
_MOST_UNDONE = 200
CaseKey = tuple[str, str]


class _Undo(NamedTuple):
    """A judgement that was made here: what was decided on the name before."""

    about: CaseKey
    earlier: tuple[Judgement, ...]
    made: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class NamesOfOutput:
    """The names of an OUTPUT by place and name; `errors` are those of records that could not be read."""

    cases: Mapping[CaseKey, NameCase]
    errors: tuple[PipelineError, ...]


@dataclass(slots=True)
class _Undone:
    """The judgements of each person in the order in which they were made here."""

    lock: Lock = field(default_factory=Lock)
    by_person: dict[str, list[_Undo]] = field(default_factory=dict)


class NamesDesk:
    """The names of one OUTPUT: read them, judge them, and take judgements back.

    A judgement is `fengong names --judge` for one name: it is kept in judgements.csv, and the records
    and tables of the notices that print the name are written anew with it.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._names = NoticeParts(find_notice_names)
        self._cases: KeptValues[NamesOfOutput] = KeptValues(1)
        self._undone = _Undone()

    def read(self) -> NamesOfOutput:
        """Return all names as they are now. Raises OutputError, LexiconError."""
        stamp = stamp_files(self._output / name for name in (MANIFEST, JUDGEMENTS))
        return self._cases.get("", stamp, self._gather)

    def _gather(self) -> NamesOfOutput:
        errors: list[PipelineError] = []
        names = self._names.read(self._output, errors.append)
        path = self._output / JUDGEMENTS
        judgements = read_judgements(path) if path.is_file() else []
        return NamesOfOutput(gather_cases(names.values(), judgements), tuple(errors))

    def find_candidates(self, case: NameCase) -> list[Candidate]:
        """Return the bodies that a name may mean, with their evidence."""
        return find_case_candidates(case, find_known_bodies(self.read().cases.values(), case))

    def judge(
        self,
        about: CaseKey,
        decision: tuple[Decision, str],
        by: tuple[str, str],
        waiting: Waiting,
    ) -> NameCase:
        """Keep a decision on a name and a body, by (who, why), and return the name as it is then.

        A name that is not one body may still be another: such decisions add up, any other takes the
        place of all. Raises LexiconError, OutputError.
        """
        kind, body = decision[0], decision[1].strip()
        signed = (by[0].strip(), by[1].strip())
        case = self._find(about)
        if not signed[0]:
            raise LexiconError(_WHO, "nobody has decided", "write a name under who")
        if not body and kind == "same":
            raise LexiconError(_BODY, "no body is named", "choose or write the body that it is")
        one = Judgement._make((*about, body if kind != "unsure" else "", kind, *signed))
        earlier, made = self._write(case, lambda kept: [*_keep_beside(kept, one), one], waiting)
        with self._undone.lock:
            undone = self._undone.by_person.setdefault(signed[0], [])
            undone.append(_Undo(about, earlier, made))
            del undone[:-_MOST_UNDONE]
        return self._find(about)

    def undo(self, who: str, waiting: Waiting) -> NameCase | None:
        """Take back the last judgement that a person made here; None where there is none left.

        Raises LexiconError, OutputError.
        """
        with self._undone.lock:
            undone = self._undone.by_person.get(who.strip(), [])
            last = undone.pop() if undone else None
        if last is None:
            return None

        def go_back(kept: Sequence[Judgement]) -> Sequence[Judgement]:
            if sorted(kept) != sorted(last.made):
                fact = "somebody has judged this name since"
                raise LexiconError(last.about[1] or _NAME, fact, "look at it again")
            return last.earlier

        try:
            self._write(self._find(last.about), go_back, waiting)
        except LexiconError:
            raise
        except BaseException:
            # It could not be written, and is tried again the next time.
            with self._undone.lock:
                undone.append(last)
            raise
        return self._find(last.about)

    def take_back(self, about: CaseKey, waiting: Waiting) -> NameCase:
        """Take back all decisions on a name. Raises LexiconError, OutputError."""
        self._write(self._find(about), lambda _: (), waiting)
        return self._find(about)

    def _find(self, about: CaseKey) -> NameCase:
        case = self.read().cases.get(about)
        if case is None:
            fact = f"no notice of {about[0] or '-'} prints this name"
            raise LexiconError(about[1] or _NAME, fact, "go back to the list of names")
        return case

    def _write(
        self,
        case: NameCase,
        decide: Callable[[Sequence[Judgement]], Sequence[Judgement]],
        waiting: Waiting,
    ) -> tuple[tuple[Judgement, ...], tuple[Judgement, ...]]:
        """Keep other decisions on a name, and apply them to the notices that print it, all or nothing.

        `decide` is given those that are kept when nobody else can write. Return the earlier ones and
        those that are kept now.
        """
        with waiting.lock(self._output), all_or_nothing(self._output):
            path = self._output / JUDGEMENTS
            kept = read_judgements(path) if path.is_file() else []
            made = tuple(decide([one for one in kept if (one.place, one.name) == case.key]))
            concerned = read_concerned(self._output, list(case.notices), ())
            earlier = replace_judgements(self._output, case.key, made)
            if read_judgements(path):
                apply_concerned(self._output, concerned)
            else:
                # Without any decisions all names get back the bodies that parsing gives them.
                apply_anew(self._output, list(read_records(self._output)))
        return tuple(earlier), made


def _keep_beside(kept: Sequence[Judgement], one: Judgement) -> list[Judgement]:
    """Return the decisions that stay beside another one: a name that is not one body may be a third."""
    if one.decision != "different":
        return []
    return [other for other in kept if other.decision == "different" and other.body != one.body]
