"""`depesche serve`: the HTTP service on this machine, until it is told to end."""

from __future__ import annotations

import logging
import socket
from typing import Annotated, Any, Literal

import typer

from depesche.config import ServeConfig, load_config
from depesche.errors import ServiceError


def serve(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; any but loopback needs API keys.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on; 0 takes a free one.")] = None,
    keys: Annotated[
        Literal["auto", "required"] | None, typer.Option("--keys", help="auto: needed unless on loopback.")
    ] = None,
    store: Annotated[str | None, typer.Option("--store", help="URL of the database; default: a file of yours.")] = None,
    model_translate: Annotated[str | None, typer.Option("--model-translate", help="Translation model.")] = None,
    model_summarize: Annotated[
        str | None, typer.Option("--model-summarize", help="Summarizer model, or `extractive` for none.")
    ] = None,
    log_format: Annotated[
        Literal["auto", "json", "text"] | None, typer.Option("--log-format", help="auto: text on a terminal.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more, names of articles too.")] = False,
) -> None:
    """Serve briefs over HTTP: the API, and the reading desk for people."""
    from depesche.api import create_app
    from depesche.api.logs import set_up_logs
    from depesche.api.server import Server

    config = load_config(
        serve=_given(host=host, port=port, keys=keys, log_format=log_format),
        store=_given(url=store),
        translate=_given(model=model_translate),
        summarize=_given(model=model_summarize),
    )
    set_up_logs(config.serve.log_format, debug=verbose)
    listener = _listen(config.serve)
    with listener:
        app = create_app(config)
        services = app.state.services
        from depesche.api.security import check_keys

        check_keys(config.serve, services.store)
        shown, bound = config.serve.host, listener.getsockname()[1]
        address = f"[{shown}]" if ":" in shown else shown
        typer.echo(f"Depesche listens on http://{address}:{bound} (loading the models; /readyz says when)")
        Server(app, config.serve).run(sockets=[listener])
    if services.failure is not None:
        raise services.failure
    logging.getLogger(__name__).info("ended")


def _given(**settings: Any) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


def _listen(config: ServeConfig) -> socket.socket:
    """Return a socket that listens where the settings say. Raises `ServiceError` where that cannot be."""
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host.strip("[]"), config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()  # from here on a client that comes early waits, instead of being refused
    except OSError as error:
        if listener is not None:
            listener.close()
        raise ServiceError(
            f"cannot listen there: {error.strerror or error}",
            place=f"{config.host}:{config.port}",
            remedy="name another address or port: --host, --port",
        ) from error
    return listener
