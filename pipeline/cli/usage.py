"""Wrong usage that only a look at files or at several arguments together shows."""

from __future__ import annotations

from pipeline.errors import PipelineError


class UsageError(PipelineError):
    """Arguments that do not go together, or name what their command is not for; the exit code is 2."""
