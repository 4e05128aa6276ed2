"""A real service over a store of test briefs, for a real browser: `python served.py FOLDER [keys]`.

It listens on a free port of loopback, and writes its address into FOLDER/address when it is ready.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from batch.written_briefs import brief as written_brief
from depesche.api import create_app
from depesche.api.server import Server
from depesche.brief import Brief
from depesche.config import load_config
from depesche.jobs import JobArticle
from depesche.store import Feedback, Store, open_store

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


def fill(store: Store) -> None:
    """Store a plain brief, a flagged one with a history of reviews, and a hostile one."""
    plain = written_brief()
    document = plain.model_dump(mode="json")
    attempt = {"method": "model", "text": "The repair cost €1.25 billion.", "findings": ["unit_changed: million"]}
    last = {"method": "hypothesis", "text": "The repair cost.", "findings": ["figure_missing: “1,25 Millionen Euro”"]}
    flagged = {"status": "flagged", "attempts": [attempt, last], "findings": last["findings"]}
    document["sentences"][2] |= flagged
    document["key_points"][0] |= {"status": "flagged", "attempts": [attempt, last]}
    document["article"]["text"] += f"\n\n{HOSTILE}"
    document["article"]["name"] = HOSTILE
    document["warnings"] = [{"code": "instruction_in_text", "detail": HOSTILE, "place": "article", "span": None}]
    for brief in (document | {"id": "flagged", "status": "flagged"}, document | {"id": "last"}):
        store.briefs.add(Brief.model_validate(brief))
    store.briefs.add(plain.model_copy(update={"id": "plain"}))
    store.feedback.add(Feedback("flagged", "figure", 0, "accept", editor=HOSTILE))
    store.feedback.add(Feedback("flagged", "claim", 1, "reject", note=HOSTILE, editor="Anna Berg"))
    store.feedback.add(Feedback("flagged", "claim", 1, "correct", "The ferry is back.", editor="Ben Ott"))


def main(folder: Path, *, keys: bool) -> None:
    """Serve until the process is ended."""
    store = open_store(f"sqlite:///{folder / 'desk.sqlite'}")
    fill(store)
    if keys:
        (folder / "key").write_text(store.keys.add("Anna Berg", ("read", "brief", "edit"))[1])
    listener = socket.create_server(("127.0.0.1", 0))
    config = load_config(
        summarize={"model": "extractive"},
        serve={"port": listener.getsockname()[1], "keys": "required" if keys else "auto", "rate_per_minute": 0},
    )
    app = create_app(config, store=store)
    job = app.state.services.jobs.jobs.create([JobArticle(HOSTILE, b"Too short.")], client="tests", label=HOSTILE)
    app.state.services.jobs.jobs.cancel(job.id)
    server = Server(app, config.serve)
    (folder / "address.part").write_text(f"http://127.0.0.1:{config.serve.port}")
    (folder / "address.part").rename(folder / "address")
    server.run(sockets=[listener])


if __name__ == "__main__":
    main(Path(sys.argv[1]), keys="keys" in sys.argv[2:])
