"""What a program may ask of a list of items, with the names that the search page has in its address."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pipeline.model import Role
from pipeline.store.review import ReviewState
from pipeline.web.library import CURSOR, ItemFilter, Order

_Name = Annotated[str | None, Field(max_length=300)]
Size = Annotated[int, Field(ge=1, le=1000, description="How many rows a page has at most.")]
After = Annotated[str | None, Field(description="A cursor; follow `next` instead of making one.")]


class ItemQuery(BaseModel):
    """The filters, the order and the page of a list of items."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field(default="", max_length=500, description="Words between blanks, all of them.")
    year: list[Annotated[int, Field(ge=0, le=9999)]] = Field(
        default_factory=list, description="Years, any of them."
    )
    place: _Name = Field(default=None, description="The full path of a place, as plans have it.")
    region: _Name = Field(default=None, description="A part of a place's name.")
    unit: _Name = Field(default=None, description="A body by any of its names.")
    body: _Name = Field(default=None, description="A body by its canonical name.")
    leader: _Name = Field(default=None, description="The name of a leader.")
    role: Role | None = Field(default=None, description="That of the unit or body; else anybody's.")
    doubt: _Name = Field(default=None, description="The code of a problem, or any.")
    state: ReviewState | None = None
    notice_id: _Name = None
    order: Order = "best"
    after: str | None = Field(
        default=None, pattern=CURSOR, description="A cursor; follow `next` instead."
    )
    size: Size = 100

    @property
    def wanted(self) -> ItemFilter:
        """The filters."""
        names = ("words", "place", "region", "unit", "body", "leader", "role")
        more = ("doubt", "state", "notice_id")
        own = {name: getattr(self, name) for name in (*names, *more)}
        return ItemFilter(years=tuple(self.year), **own)
