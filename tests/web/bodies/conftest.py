"""The small plans of `small_plans` for all tests of bodies and leaders."""

from tests.web.bodies.small_plans import small_output, small_store

__all__ = ["small_output", "small_store"]
