"""Small records are strict, frozen and without a dictionary of their own."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.model import Item, Name, Notice, Problem, Span, fields_of, is_record
from tests.conftest import parse

NAME: dict[str, Any] = {
    "text": "甲局",
    "span": {"start": 0, "end": 2},
    "name": "甲局",
    "kind": "unit",
}


def test_small_records_are_validated() -> None:
    assert Name(**NAME).span == Span(start=0, end=2)
    for wrong in ({"kind": "office"}, {"span": {"start": -1, "end": 2}}, {"more": 1}):
        with pytest.raises(ValidationError):
            Name(**NAME | wrong)


def test_small_records_are_frozen_and_have_slots() -> None:
    span = Span(start=0, end=2)
    with pytest.raises(FrozenInstanceError):
        span.start = 1  # type: ignore[misc]
    assert not hasattr(span, "__dict__")
    assert len({span, Span(start=0, end=2), Span(start=0, end=3)}) == 2


def test_a_record_is_the_same_when_it_is_read_back() -> None:
    notice = parse(
        "甲县2021年工作要点\n1.建设道路。(责任单位:甲局、乙局,6月底前完成)\n2.修建学校。(甲局负责)\n"
    )
    assert notice.items
    assert Notice.model_validate_json(notice.model_dump_json()) == notice
    assert Notice.model_validate(notice.model_dump()) == notice


def test_fields_of_models_and_dataclasses() -> None:
    assert fields_of(Item)["title"].title == "事项"
    assert fields_of(Problem)["message"].title == "说明"
    assert [is_record(kind) for kind in (Item, Problem, str)] == [True, True, False]
