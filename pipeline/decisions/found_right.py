"""What a person finds right: the values in force of an item, or those of a notice itself."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from pipeline.dataset.in_force import field_text
from pipeline.decisions.correction import ITEM_FIELDS, NOTICE_FIELDS
from pipeline.model import Item

if TYPE_CHECKING:
    from pipeline.model import Notice


def list_values(record: Item | Notice) -> dict[str, str]:
    """Return the values of all fields of an item or notice in force that can be corrected."""
    fields = ITEM_FIELDS if isinstance(record, Item) else NOTICE_FIELDS
    return {one: field_text(record, one) or "" for one in fields}


def digest_values(record: Item | Notice) -> str:
    """Return a short text that is another one as soon as one of these values is."""
    data = json.dumps(list(list_values(record).values()), ensure_ascii=False)
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:16]
