"""Resolve the names of bodies of the nation: 财政部, 市场监管总局, 国家发展改革委."""

from __future__ import annotations

import re
from functools import cache

from pipeline.lexicon import folder
from pipeline.names.body_tables import body_tables
from pipeline.names.candidate_body import INSTITUTION, CandidateBody, as_body
from pipeline.names.departments import is_short, split_subjects
from pipeline.names.divisions import Division
from pipeline.names.gazetteer import NO_HOME, Home
from pipeline.names.renames import all_renames

# The head and the end of a name that is the nation's: 国务院…, …总局.
_NATIONAL = re.compile(r"(?:中央|国务院|全国|国家|中国|中华全国|中华人民共和国|最高)")
_NATIONAL_OFFICE = re.compile(r"(?:部|总局|总署)$")
_NATION_HEAD = re.compile(r"^(?:国家|国务院|全国)")
# A part of a committee or firm ends in 部 too: 组织部, 武装部.
_LOCAL_PART = re.compile(r"(?:组织|党群|宣传|统战|统一战线工作|武装|社会工作|工作|干|支|俱乐)部$")
# The whole word of an office at the end of a name.
_IN_FULL = re.compile(r"(?:局|委员会|办公室|部|署|中心|学院|公司|联合会|协会)$")
_NATION = Division("", "national")


def find_national(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Bodies of the nation: 财政部, 市场监管总局; in the nation's own notices also 发展改革委."""
    words = body_tables().national
    marked = _NATIONAL.match(name) is not None
    office = _NATIONAL_OFFICE.search(name) is not None and not _LOCAL_PART.search(name)
    own = home.rank == 0
    if marked or own or office or (home is NO_HOME and name.endswith(("会", "行"))):
        known = words.get(name) or (words.get("国家" + name) if own else None)
        inner = home.rank == INSTITUTION and any(body in _closed(folder()) for body in known or ())
        if known and not inner:
            rule = "full" if known == (name,) else "abbreviation"
            return tuple(
                _as_printed(body, name) for one in known for body in as_body(_NATION, one, rule)
            )
    if home.rank == INSTITUTION or not (marked or office or own):
        return ()
    return _compose_national(name, office=office)


def _as_printed(body: CandidateBody, name: str) -> CandidateBody:
    """A body under the name that is printed in full beside its own: 国家行政学院, 中央党校."""
    full = body.reading.full
    if not _NATIONAL.match(name) or not _IN_FULL.search(name) or is_short(name, full):
        return body
    return body._replace(reading=body.reading._replace(full=name))


@cache
def _closed(over: object) -> frozenset[str]:
    """Ministries that were closed before 2013: 人事部 in the plan of a firm is the firm's own."""
    del over
    return frozenset(one.before for one in all_renames() if one.national and one.last < 2013)


def _compose_national(name: str, *, office: bool) -> tuple[CandidateBody, ...]:
    """A national body that the table lacks, from its subjects: 国家粮食局."""
    stem = _NATION_HEAD.sub("", name)
    if stem == name and not office and not stem.endswith(("委", "局", "委员会")):
        return ()
    reading = split_subjects(stem)
    if reading is None:
        return ()
    full = reading.full if reading.office == "部" else "国家" + reading.full
    known = body_tables().national.get(full, (full,))
    return tuple(body for one in known for body in as_body(_NATION, one, "abbreviation"))
