"""The error of a request that asks for something that is not there, or that cannot be understood."""

from __future__ import annotations

from pipeline.errors import PipelineError


class RequestError(PipelineError):
    """A filter, a cursor or an id of a request is wrong; `status` is the HTTP status that says so."""

    status = 400


class NotFoundError(RequestError):
    """The OUTPUT has no notice, item, body or leader of this name."""

    status = 404


class ClosingError(RequestError):
    """What was sent was not written, for the desk is being closed; it may be sent again."""

    status = 503
