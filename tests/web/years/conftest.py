"""The OUTPUT of `small_outputs` for all tests of years."""

from tests.web.years.small_outputs import own_output, years_output

__all__ = ["own_output", "years_output"]
