"""What the desk reads of an OUTPUT: plans, notices in force, lists and searches, by no web framework."""

from __future__ import annotations

from pipeline.store.facet_index import Facets, FacetValue
from pipeline.store.listing import Order
from pipeline.store.review import ReviewState, find_state, rate_doubt
from pipeline.web.library.filters import CURSOR, ItemFilter
from pipeline.web.library.library import Library
from pipeline.web.library.notice_view import ItemReview, NoticeView
from pipeline.web.library.request_error import NotFoundError, RequestError
from pipeline.web.library.rows import ItemRow, Page, PlanRow
from pipeline.web.library.snapshot import Snapshot

__all__ = [
    "CURSOR",
    "FacetValue",
    "Facets",
    "ItemFilter",
    "ItemReview",
    "ItemRow",
    "Library",
    "NotFoundError",
    "NoticeView",
    "Order",
    "Page",
    "PlanRow",
    "RequestError",
    "ReviewState",
    "Snapshot",
    "find_state",
    "rate_doubt",
]
