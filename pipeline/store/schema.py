"""The tables of a store, the same in every database.

`versions` keeps every record that was ever loaded. All other tables contain current notices only:
each in its last version, unless it was retired. Values are those in force.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA = 4
# The ids of a year's items are one range. Within it the item that was loaded first, and is first in
# its notice, has the greatest id: an index of ids is read from the greatest down.
YEAR_STEP = 10**9
# How many assignments an item can have. The greatest id, of an assignment in the year 9999, is below
# 2**63, the end of what a database counts.
ITEM_STEP = 9 * 10**5
METADATA = MetaData(
    naming_convention={
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_name)s",
    }
)
# SQLite numbers the rows of an INTEGER key by itself, of no other.
_Key = BigInteger().with_variant(Integer, "sqlite")


def id_range(year: int) -> tuple[int, int]:
    """Compute the least and the greatest id that an item of a year can have."""
    return year * YEAR_STEP, year * YEAR_STEP + YEAR_STEP - 1


def _key() -> Column[int]:
    return Column("id", _Key, primary_key=True)


def _notice() -> Column[str]:
    return Column("notice_id", Text, ForeignKey("notices.notice_id"), nullable=False)


def _item(*, nullable: bool = False) -> Column[str]:
    return Column("item_id", Text, ForeignKey("items.item_id"), nullable=nullable)


ABOUT = Table("about", METADATA, Column("name", Text, primary_key=True), Column("value", Text))

VERSIONS = Table(
    "versions",
    METADATA,
    _key(),
    Column("notice_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text),
    Column("sha256", Text, nullable=False),
    Column("loaded_at", Text, nullable=False),
    Column("retired_at", Text),
    Column("record", Text, nullable=False),
    UniqueConstraint("notice_id", "version"),
)

# Which OUTPUTs have a notice: it is retired when the last of them has it no more.
HOLDERS = Table(
    "holders",
    METADATA,
    Column("notice_id", Text, primary_key=True),
    Column("output_id", Text, primary_key=True),
)

NOTICES = Table(
    "notices",
    METADATA,
    Column("notice_id", Text, primary_key=True),
    Column("version_id", _Key, ForeignKey("versions.id"), nullable=False),
    Column("path", Text),
    Column("url", Text),
    Column("sha256", Text, nullable=False),
    Column("kind", Text),
    Column("title", Text),
    Column("notice_title", Text),
    Column("document_number", Text),
    Column("issuing_body", Text),
    Column("region", Text),
    Column("place", Text),
    Column("place_code", Text, index=True),
    Column("province", Text),
    Column("city", Text),
    Column("county", Text),
    Column("year", Integer, index=True),
    Column("year_end", Integer),
    Column("issued_on", Text),
    Column("published_on", Text),
    Column("items", Integer, nullable=False),
    Column("problems", Integer, nullable=False),
    Column("corrected", Text),
)

# The id begins with the year of the plan.
ITEMS = Table(
    "items",
    METADATA,
    Column("id", _Key, primary_key=True, autoincrement=False),
    Column("item_id", Text, nullable=False, unique=True),
    Column("notice_id", Text, ForeignKey("notices.notice_id"), nullable=False, index=True),
    Column("parent_id", Text),
    Column("year", Integer, index=True),
    Column("region", Text),
    Column("place", Text),
    Column("plan_title", Text),
    Column("document_number", Text),
    Column("label", Text),
    Column("number", BigInteger),
    Column("path", Text),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("leaders", Text),
    Column("host_units", Text),
    Column("co_host_units", Text),
    Column("deadline", Text),
    Column("due", Text),
    Column("fields", Text),
    Column("problems", Text),
    Column("corrected", Text),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

UNITS = Table(
    "units",
    METADATA,
    Column("canonical", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("level", Text),
    Column("place", Text),
    Column("members", Text),
)

# The id begins with that of its item, so a unit's items are read from the newest down too.
ASSIGNMENTS = Table(
    "assignments",
    METADATA,
    Column("id", _Key, primary_key=True, autoincrement=False),
    _notice(),
    _item(),
    Column("role", Text, nullable=False),
    Column("label", Text),
    Column("name", Text, nullable=False),
    Column("aliases", Text),
    Column("canonical", Text, ForeignKey("units.canonical")),
    Column("kind", Text, nullable=False),
    Column("post", Text),
    Column("reading", Text, nullable=False),
    Column("start", Integer),
    Column("end", Integer),
    Index("assignments_item", "item_id"),
    Index("assignments_name", "name", "role", "id"),
    Index("assignments_canonical", "canonical", "role", "id"),
)

# The names by which a body is found.
UNIT_NAMES = Table(
    "unit_names",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("canonical", Text, ForeignKey("units.canonical"), primary_key=True),
    Index("unit_names_canonical", "canonical"),
)

FIELDS = Table(
    "fields",
    METADATA,
    _key(),
    _notice(),
    _item(),
    Column("key", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("fields_item", "item_id"),
)

PROBLEMS = Table(
    "problems",
    METADATA,
    _key(),
    _notice(),
    _item(nullable=True),
    Column("code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("start", Integer),
    Column("end", Integer),
    Index("problems_notice", "notice_id"),
    Index("problems_item", "item_id"),
)

CORRECTIONS = Table(
    "corrections",
    METADATA,
    _key(),
    _notice(),
    _item(nullable=True),
    Column("field", Text, nullable=False),
    Column("read", Text),
    Column("value", Text),
    Column("who", Text, nullable=False),
    Column("when", Text, nullable=False),
    Column("why", Text),
    Index("corrections_notice", "notice_id"),
    Index("corrections_item", "item_id"),
)

TABLES = {table.name: table for table in METADATA.sorted_tables}

VIEWS = {
    "duties": """
        SELECT i.item_id, i.year, i.region, a.role, a.name, a.canonical, a.kind, i.title,
               i.deadline, i.due, n.title AS plan, i.notice_id
        FROM assignments a JOIN items i ON i.item_id = a.item_id
        JOIN notices n ON n.notice_id = i.notice_id""",
    "unit_years": """
        SELECT a.canonical, i.year,
               COUNT(DISTINCT CASE WHEN a.role = 'host' THEN i.item_id END) AS hosted,
               COUNT(DISTINCT CASE WHEN a.role = 'co_host' THEN i.item_id END) AS co_hosted
        FROM assignments a JOIN items i ON i.item_id = a.item_id
        WHERE a.canonical IS NOT NULL GROUP BY a.canonical, i.year""",
    "leaders": """
        SELECT a.name, a.post, COALESCE(n.place, n.region) AS place, MIN(n.year) AS first_year, MAX(n.year) AS last_year,
               COUNT(DISTINCT a.item_id) AS items
        FROM assignments a JOIN notices n ON n.notice_id = a.notice_id
        WHERE a.role = 'leader' GROUP BY a.name, a.post, COALESCE(n.place, n.region)""",
}
