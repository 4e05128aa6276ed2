"""`depesche feeds`: RSS and Atom feeds as sources; their new entries become stored briefs.

Standard output carries the answer: a line, or with `--json` a JSON line, for each new entry. How it goes is on
standard error.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from depesche.config import Config, load_config
from depesche.errors import NotFound

if TYPE_CHECKING:
    from depesche.feeds.polling import Handled, Polled, Poller
    from depesche.store import Feed, Store

_DONE_WITH_FAILURES = 8
_EXIT_CODES = (
    "Exit codes of one poll: 0 all done, 8 done and some feeds or entries failed (see what is printed); others as of "
    "every command."
)

feeds_app = typer.Typer(
    name="feeds",
    no_args_is_help=True,
    help="Take articles from RSS and Atom feeds: every new entry becomes a stored brief. Needs fetch.enabled.",
)

UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="The feed's address.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines on standard output.")]


@feeds_app.command("add")
def add_feed(url: UrlArgument) -> None:
    """Fetch a feed and enter it as a source. Its entries are briefed by the next poll."""
    from depesche.feeds.reading import FEED_TYPES, read_feed

    config = load_config()
    document = read_feed(_fetcher(config).fetch(url, FEED_TYPES))
    with _store(config) as store:
        store.feeds.add(url, document.title)
    _say(f"{document.title or url}: {len(document.entries)} entries")


@feeds_app.command("list")
def list_feeds(as_json: JsonOption = False) -> None:
    """List the feeds, when each was polled last, and what went wrong then."""
    with _store(load_config()) as store:
        feeds = store.feeds.list()
    if as_json:
        for feed in feeds:
            polled = feed.polled.isoformat() if feed.polled else None
            _print_json(
                {"url": feed.url, "title": feed.title, "added": feed.added.isoformat(), "polled": polled}
                | {"error": feed.error}
            )
        return
    table = Table("URL", "Title", "Polled", "Error", box=None, header_style="bold")
    for feed in feeds:
        polled = feed.polled.strftime("%Y-%m-%d %H:%M UTC") if feed.polled else "never"
        table.add_row(*(escape(_plain(cell)) for cell in (feed.url, feed.title or "", polled, feed.error or "")))
    Console().print(table)


@feeds_app.command("remove")
def remove_feed(url: UrlArgument) -> None:
    """Forget a feed. The briefs of its entries stay."""
    with _store(load_config()) as store:
        if not store.feeds.remove(url):
            raise _no_such_feed(url)


@feeds_app.command("poll", epilog=_EXIT_CODES)
def poll_feeds(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Feeds to poll; without any, all of them.")
    ] = None,
    every: Annotated[
        float | None, typer.Option("--every", min=1, metavar="MINUTES", help="Go on polling until Ctrl-C.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Poll once, which is the default.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Most new entries of a feed, the newest; the rest stays new.")
    ] = None,
    model_translate: Annotated[
        str | None, typer.Option("--model-translate", help="Translation model; depesche models list shows all.")
    ] = None,
    model_summarize: Annotated[
        str | None, typer.Option("--model-summarize", help="Summarizer model, or `extractive` for none.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Brief every new entry of the feeds and store the briefs; what is done already is not done again."""
    from depesche.feeds.polling import Poller
    from depesche.pipeline import Pipeline

    if once and every is not None:
        raise typer.BadParameter("either --once or --every")
    config = load_config(
        translate={"model": model_translate} if model_translate else {},
        summarize={"model": model_summarize} if model_summarize else {},
    )
    show = _print_json_line if as_json else _print_line
    with _store(config) as store, Pipeline(config) as pipeline:
        poller = Poller(store, _fetcher(config), config, pipeline.run, limit=limit, listener=show)
        while True:
            failed = _poll_all(poller, _chosen(store, urls or []))
            if every is None:
                break
            _wait(every)
    if failed:
        raise typer.Exit(_DONE_WITH_FAILURES)


def _poll_all(poller: Poller, feeds: list[Feed]) -> bool:
    """Poll the feeds one after the other; say whether anything failed."""
    failed = False
    for feed in feeds:
        polled = poller.poll(feed)
        failed = failed or polled.error is not None or polled.failed > 0
        _say(_said(polled))
    return failed


def _wait(minutes: float) -> None:
    time.sleep(minutes * 60)


def _said(polled: Polled) -> str:
    if polled.error is not None:
        return f"{polled.url}: {polled.error}"
    if polled.unchanged:
        return f"{polled.url}: not modified"
    parts = [f"{len(polled.handled)} new", f"{polled.stored} briefs stored"]
    if polled.failed:
        parts.append(f"{polled.failed} failed")
    if polled.left:
        parts.append(f"{polled.left} left for the next poll")
    return f"{polled.url}: {', '.join(parts)}"


def _chosen(store: Store, urls: list[str]) -> list[Feed]:
    """Return the feeds named, or all. Raises `NotFound`."""
    if not urls:
        return store.feeds.list()
    found = {url: store.feeds.get(url) for url in urls}
    if missing := next((url for url, feed in found.items() if feed is None), None):
        raise _no_such_feed(missing)
    return [feed for feed in found.values() if feed is not None]


def _no_such_feed(url: str) -> NotFound:
    return NotFound("no such feed", place=url, remedy="depesche feeds list shows all")


def _fetcher(config: Config) -> Any:
    """Return what feeds and pages are fetched with."""
    from depesche.fetch import Fetcher

    return Fetcher(config.fetch)


def _store(config: Config) -> Store:
    from depesche.store import open_store

    return open_store(config.store.url)


def _print_line(handled: Handled) -> None:
    if handled.brief is not None:
        line = f"{handled.brief.id}  {handled.brief.status:<8}  {handled.brief.headline.text}"
    else:
        line = f"{'-' * 32}  {'again' if handled.again else 'failed':<8}  {handled.error}"
    sys.stdout.write(_plain(line) + "\n")
    sys.stdout.flush()


def _print_json_line(handled: Handled) -> None:
    brief, error = handled.brief, handled.error
    _print_json(
        {
            "feed": handled.feed,
            "entry": handled.entry.id,
            "link": handled.entry.link,
            "brief": brief and brief.id,
            "status": brief and brief.status,
            "headline": brief and brief.headline.text,
            "code": error and error.code,
            "error": error and str(error),
            "again": handled.again,
        }
    )


def _print_json(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    Console(stderr=True).print(_plain(text), markup=False, highlight=False, soft_wrap=True)


def _plain(text: str) -> str:
    """Return what a feed says without characters that steer a terminal."""
    from depesche.render import printable

    return str(printable(text))
