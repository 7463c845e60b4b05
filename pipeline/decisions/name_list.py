"""List the names of an OUTPUT for a person to check, and propose lexicon rows for unknown ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.described_tables import write_made_files
from pipeline.dataset.duplicates import without_duplicates
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_records
from pipeline.errors import hold_errors
from pipeline.names.bodies import find_near, resolve
from pipeline.names.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.errors import OnError

LIST_COLUMNS = (
    "name", "place", "count", "first_year", "last_year", "roles", "canonical", "rule", "near",
)  # fmt: skip
PROPOSAL_COLUMNS = ("form", "body", "level", "place", "kind", "source")
_JOIN = "、"
# Longer names are sentences that were read as a name.
_LONGEST = 20


@dataclass(slots=True)
class ListedName:
    """A name in a place: how often a dataset prints it, in which years and roles, and its body."""

    name: str
    place: str | None
    canonical: str | None
    count: int = 0
    years: set[int] = field(default_factory=set)
    roles: Counter[str] = field(default_factory=Counter)

    def row(self) -> dict[str, str]:
        """Return the name as a row of names.csv, with similar names where it has no canonical one."""
        found = resolve(self.name, self.place, max(self.years, default=None))
        near = () if self.canonical else found.candidates or find_near(self.name, self.place)
        rule = found.rule if found.canonical == self.canonical else "judged"
        return {
            "name": self.name,
            "place": self.place or "",
            "count": str(self.count),
            "first_year": str(min(self.years, default="")),
            "last_year": str(max(self.years, default="")),
            "roles": _JOIN.join(f"{role} {count}" for role, count in sorted(self.roles.items())),
            "canonical": self.canonical or "",
            "rule": rule,
            "near": _JOIN.join(near),
        }


def list_names(output: Path, on_error: OnError = None) -> list[ListedName]:
    """Return every unit and group that an OUTPUT names, by place; those without a body first.

    With `on_error`, a notice that cannot be read is reported to it and left out. Raises OutputError.
    """
    found: dict[tuple[str, str | None, str | None], ListedName] = {}
    for read in without_duplicates(read_records(output, on_error)):
        notice = read.model_copy(update={"items": ()})
        with hold_errors(read.notice_id, on_error):
            notice = in_force(read)
        years = {year for year in (notice.year, notice.year_end) if year is not None}
        for item in notice.items:
            for assignment in item.assignments:
                for name in assignment.names:
                    if name.kind == "person":
                        continue
                    key = (name.name, notice.home, name.canonical)
                    one = found.setdefault(key, ListedName(*key))
                    one.count += 1
                    one.years |= years
                    one.roles[assignment.role] += 1
    return sorted(found.values(), key=lambda one: (one.canonical is not None, -one.count, one.name))


def write_name_list(output: Path, rows: list[dict[str, str]]) -> Path:
    """Write the list as OUTPUT/names.csv. Raises OutputError."""
    write_made_files(output, {"names.csv": rows_to_csv(LIST_COLUMNS, rows)})
    return output / "names.csv"


def list_rows(names: Iterable[ListedName], on_error: OnError = None) -> list[dict[str, str]]:
    """Return the rows of names.csv; a name that fails is reported to `on_error` and left out."""
    rows: list[dict[str, str]] = []
    for one in names:
        with hold_errors(one.name, on_error):
            rows.append(one.row())
    return rows


def propose_lexicon_rows(
    names: Iterable[ListedName], on_error: OnError = None
) -> list[dict[str, str]]:
    """Return lexicon rows for the names without a body, in the form that `--lexicon` reads.

    A person edits them: the form is the name without its level, and the body is the form until
    someone names another; the source says how often it was met and which names are similar. A name
    that fails is reported to `on_error` and left out.
    """
    rows: dict[str, dict[str, str]] = {}
    for one in names:
        with hold_errors(one.name, on_error):
            _propose(one, rows)
    return [rows[form] for form in sorted(rows)]


def _propose(one: ListedName, rows: dict[str, dict[str, str]]) -> None:
    form = one.name.split("(")[0].lstrip("省市区县州盟旗")
    if one.canonical is not None or not is_unit(form) or len(form) > _LONGEST:
        return
    near = resolve(one.name, one.place, None).candidates or find_near(one.name, one.place)
    source = "; ".join(filter(None, (f"proposed, met {one.count} times", _JOIN.join(near))))
    row = (form, form, "local", "", "government", source)
    rows.setdefault(form, dict(zip(PROPOSAL_COLUMNS, row, strict=True)))
