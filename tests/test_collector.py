"""The collector rests inside the block and is as it was afterwards."""

from __future__ import annotations

import gc

import pytest

from pipeline.collector import collector_at_rest


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_is_as_it_was(before: bool) -> None:  # noqa: FBT001
    (gc.enable if before else gc.disable)()
    try:
        with collector_at_rest():
            assert not gc.isenabled()
        assert gc.isenabled() == before
        with pytest.raises(KeyError), collector_at_rest():
            raise KeyError
        assert gc.isenabled() == before
    finally:
        gc.enable()
