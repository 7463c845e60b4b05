"""Items that take up one dropped in an earlier year."""

from __future__ import annotations

from pipeline.compare.item_matches import match_revived
from tests.compare.small_items import item


def test_only_items_with_similar_words_are_revived() -> None:
    park = item("新建口袋公园，配套健身器材，种植行道树。", item_id="a#1")
    school = item("建设智慧校园示范校，推广在线课堂。", item_id="a#2")
    again = item("新建口袋公园，配套体育器材，种植行道树。", item_id="c#1")
    other = item("建设平安社区，推广在线诊疗。", item_id="c#2")
    assert match_revived([park, school], [other, again]) == {"c#1": "a#1"}


def test_an_item_that_is_divided_is_not_revived() -> None:
    whole = item("新建口袋公园12个，建设健身步道15公里。", item_id="a#1")
    parts = [
        item("新建口袋公园12个。", item_id="c#1"), item("建设健身步道15公里。", item_id="c#2"),
    ]  # fmt: skip
    assert match_revived([whole], parts) == {}
