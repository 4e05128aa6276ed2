"""`depesche serve`: the HTTP service on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from depesche.config import load_config


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on; default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve briefs over HTTP."""
    import uvicorn

    from depesche.api import create_app

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    config = load_config(serve=given)
    uvicorn.run(create_app(config), host=config.serve.host, port=config.serve.port, access_log=False)
