"""Put the desk together from its parts: pages, their guard, and what happens where one fails."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.staticfiles import StaticFiles

from pipeline import __version__
from pipeline.errors import PipelineError
from pipeline.web import enter
from pipeline.web.api.routes import router as api_router
from pipeline.web.bodies.routes import router as bodies_router
from pipeline.web.desk import Desk
from pipeline.web.kept_values import KeptValues
from pipeline.web.library import Library, RequestError
from pipeline.web.names_desk.judging import NamesDesk
from pipeline.web.names_desk.routes import router as names_router
from pipeline.web.page import STATIC, Link, show_failure
from pipeline.web.plans.routes import router as plans_router
from pipeline.web.queue.routes import router as queue_router
from pipeline.web.review.routes import router as review_router
from pipeline.web.search.routes import router as search_router
from pipeline.web.security import Guard
from pipeline.web.years.routes import router as years_router
from pipeline.web.years.series_index import YearsOfOutput

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from starlette.responses import Response

    from pipeline.web.settings import DeskSettings

# The parts of the desk in the order of their routes.
ROUTERS = (
    enter.router,
    plans_router,
    review_router,
    queue_router,
    search_router,
    bodies_router,
    years_router,
    names_router,
    api_router,
)
# The entries at the head of every page.
NAVIGATION = (
    Link("/", "Plans"),
    Link("/queue", "Doubtful items"),
    Link("/search", "Search"),
    Link("/bodies", "Bodies"),
    Link("/leaders", "Leaders"),
    Link("/years", "Years"),
    Link("/names", "Names"),
)
# How many lists and tables of pages are kept ready until the OUTPUT changes.
_KEPT = 64
_FAILURE_MESSAGES = {
    400: ("the request cannot be understood", "go back and try again"),
    401: ("this desk is read with a token only", "enter the token of this desk"),
    403: ("this desk may be read here, and not changed", "enter with the token for writing"),
    404: ("there is no such page", "go to the list of plans"),
    405: ("this address is not asked in this way", "go to the list of plans"),
    413: ("more was sent than this desk takes", "send less at once"),
    422: ("the request cannot be understood", "go back and try again"),
}


def create_app(settings: DeskSettings) -> FastAPI:
    """Return the desk of an OUTPUT as an ASGI application."""
    desk = Desk(settings, Library(settings.output, settings.cache))
    app = FastAPI(
        title="fengong",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_closing(desk),
    )
    app.state.settings = settings
    app.state.kept = KeptValues(_KEPT)
    app.state.years = YearsOfOutput(settings.output)
    app.state.names = NamesDesk(settings.output)
    app.state.navigation = NAVIGATION
    app.state.desk = desk
    app.state.library = desk.library
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Guard, settings=settings)
    app.add_exception_handler(HTTPException, _show_http_failure)
    app.add_exception_handler(RequestValidationError, _show_misunderstanding)
    app.add_exception_handler(PipelineError, _show_pipeline_error)
    return app


def _closing(desk: Desk) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def close_at_end(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()

    return close_at_end


async def _show_http_failure(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    fact, remedy = _FAILURE_MESSAGES.get(status, _FAILURE_MESSAGES[400])
    return show_failure(request, status, fact, remedy)


async def _show_misunderstanding(request: Request, _: Exception) -> Response:
    return show_failure(request, 422, *_FAILURE_MESSAGES[422])


async def _show_pipeline_error(request: Request, error: Exception) -> Response:
    """Show an error with its fact and remedy; its place may be a path, which is nobody's business."""
    assert isinstance(error, PipelineError)  # noqa: S101 - it is registered for these
    status = error.status if isinstance(error, RequestError) else 409
    return show_failure(request, status, error.fact, error.remedy)
