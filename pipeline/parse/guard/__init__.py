"""Look over a finished record for what can hardly be right, whatever rule it was read by.

The guard is the last step before a record is given out. It knows the record and the words of the
language, and nothing of how the text was parsed: a fault of a parsing rule must not blind it.
"""

from pipeline.parse.guard.checks import find_doubts

__all__ = ["find_doubts"]
