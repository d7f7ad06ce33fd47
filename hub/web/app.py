"""The web of the hub: webhooks, probes, the JSON API and the pages."""

from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from hub.web import (
    api,
    api_agreement,
    api_carry,
    api_conflicts,
    api_decisions,
    api_repeats,
    auth,
    failures,
    page_agreement,
    page_carried,
    page_carry,
    page_channels,
    page_conflicts,
    page_counts,
    page_decisions,
    page_events,
    page_files,
    page_merges,
    page_repeats,
    pages,
    probes,
    webhooks,
)
from hub.web.headers import SafeHeaders
from hub.web.metrics import Metrics
from hub.web.needs import Needs
from hub.web.render import Render

STATIC = Path(__file__).parent / "static"
ONE_SHIFT = 12 * 3600


def create_app(needs: Needs) -> FastAPI:
    """Build the app; everything it needs is handed in."""
    app = FastAPI(
        title="Simpul Aduan",
        description="One complaint, every channel in step.",
        version="1",
        openapi_url="/api/v1/openapi.json",
        # The stock documentation pages fetch their scripts from a CDN.
        docs_url=None,
        redoc_url=None,
        routes=[
            Route("/webhooks/{connector}", webhooks.challenge, methods=["GET"]),
            Route("/webhooks/{connector}", webhooks.receive, methods=["POST"]),
            Route("/healthz", probes.healthz),
            Route("/readyz", probes.readyz),
            Route("/metrics", probes.metrics),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(
                SessionMiddleware,
                secret_key=needs.secret_key,
                session_cookie="simpul",
                same_site="strict",
                max_age=ONE_SHIFT,
            ),
        ],
        exception_handlers=failures.HANDLERS,
    )
    for part in (
        api, api_agreement, api_decisions, api_carry, api_repeats, api_conflicts, auth, pages, page_decisions,
        page_carry, page_carried, page_files, page_channels, page_counts, page_repeats, page_merges,
        page_conflicts, page_events, page_agreement,
    ):  # fmt: skip
        app.include_router(part.router)
    app.state.needs = needs
    app.state.render = Render(needs)
    app.state.keeping = set()
    app.state.metrics = Metrics(frozenset(needs.connectors.titles()))
    return app
