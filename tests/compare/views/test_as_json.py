"""A comparison as JSON."""

from __future__ import annotations

import json

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_json import to_json
from pipeline.comparison import Comparison
from pipeline.model import Notice


def test_json_is_the_comparison(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    assert Comparison.model_validate_json(to_json(made)) == made
    told = json.loads(to_json(made))
    assert {"previous", "current", "links", "dropped", "added"} <= told.keys()
    assert {"previous", "current", "kind", "score", "changes"} <= told["links"][0].keys()
