"""The OUTPUT of `small_names` for all tests of names."""

from tests.web.names.small_names import names_output, own_output

__all__ = ["names_output", "own_output"]
