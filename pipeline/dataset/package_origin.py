"""What a data package says of the sources that its data were made from: version, days, licence.

Everything follows from the sources, so that the same sources give the same bytes on every day.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.model import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Notice

# Of more sources than this the package names the table that lists them.
_MOST_SOURCES = 1000
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Article 5 of the Copyright Law of China excepts documents of state organs.
_LICENCE = {
    "name": "other-pd",
    "title": "公文不适用著作权法（《中华人民共和国著作权法》第五条第一项）",
}


class Origin(NamedTuple):
    """One source: its hash, the title of its plan, its address, the newest day that it tells."""

    sha256: str
    title: str | None
    url: str | None
    day: str | None


def find_origin(notice: Notice) -> Origin:
    """Return the source of a notice as the data package names it."""
    source = notice.source
    title = notice.title or source.path or notice.notice_id
    return Origin(source.sha256, title, source.url, newest_day(notice))


def newest_day(notice: Notice) -> str | None:
    """Return the newest day on which a notice was signed, published or retrieved; None without any."""
    told = (notice.issued_on, notice.published_on, notice.source.retrieved_at)
    return max((found[0] for one in told if one and (found := _ISO_DAY.match(one))), default=None)


def make_origin_properties(origins: Sequence[Origin], list_path: str) -> dict[str, Any]:
    """Return the properties of a data package that its sources decide.

    `list_path` is the file of the package that lists the notices. The version is that of the format
    with the beginning of the hash over all sources, which is the id; `created` is the newest day that
    they tell, and is left out where they tell none.
    """
    digest = hashlib.sha256("\n".join(sorted(one.sha256 for one in origins)).encode()).hexdigest()
    day = max((one.day for one in origins if one.day), default=None)
    return {
        "id": f"sha256:{digest}",
        "version": f"{SCHEMA_VERSION}.0+{digest[:8]}",
        **({"created": f"{day}T00:00:00+08:00"} if day else {}),
        "licenses": [_LICENCE],
        **({"sources": _list_sources(origins, list_path)} if origins else {}),
    }


def _list_sources(origins: Sequence[Origin], list_path: str) -> list[dict[str, str]]:
    if len(origins) > _MOST_SOURCES:
        return [{"title": f"{len(origins)}份文件，见{list_path}", "path": list_path}]
    return [
        {"title": one.title or one.sha256} | ({"path": one.url} if one.url else {})
        for one in origins
    ]
