"""Where an article is on its way, as the desk tells it."""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.api import create_app
from depesche.api.briefing import Submitted
from depesche.api.services import Services, State
from depesche.api.turns import Turns
from depesche.brief import Brief
from depesche.config import Config, load_config
from depesche.desk.stages import Reached, follow_brief
from depesche.errors import DeadlineExceeded, DepescheError
from depesche.pipeline import Drafted, Pipeline
from depesche.source import Source
from depesche.store import BriefQuery, Store

ARTICLE = b"""Council approves the budget of Rosenau

The city council of Rosenau approved the budget for the coming year on Tuesday. It provides for spending of about 1.5
million euros, which is 4 percent more than in the year before. The property tax remains unchanged, said the mayor.
"""


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99)), min_size=1, max_size=12), st.data())
def test_how_many_come_before_is_how_many_are_taken_before(items: list[tuple[str, int]], data: st.DataObject) -> None:
    turns: Turns[tuple[int, str]] = Turns()
    for number, (client, _) in enumerate(items):
        turns.add(client, (number, client))
    for _ in range(data.draw(st.integers(0, len(items) - 1))):
        turns.take()
    waiting = copy.deepcopy(turns)
    order = [waiting.take() for _ in range(len(waiting))]
    for place, wanted in enumerate(order):
        assert turns.ahead(wanted[1], lambda item, wanted=wanted: item == wanted) == place
    assert turns.ahead("nobody", lambda _: True) is None


class Held(Pipeline):
    """A pipeline whose model stages wait until the test lets them go on."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.go_on = threading.Event()

    def draft(self, sources: Sequence[Source]) -> list[Drafted | DepescheError]:
        self.go_on.wait(60)
        return super().draft(sources)


@pytest.fixture
def held(config: Config) -> Held:
    return Held(config)


def services_of(config: Config, store: Store, pipeline: Pipeline) -> Services:
    services: Services = create_app(config, store=store, pipeline=pipeline).state.services
    services.state = State.READY
    services.batcher.start()
    return services


def test_the_place_in_the_queue_is_told_and_gets_nearer(config: Config, desk_store: Store, held: Held) -> None:
    config = load_config(summarize={"model": "extractive"}, serve={"batch_articles": 1})
    services = services_of(config, desk_store, held)
    told: dict[str, list[Any]] = {"first": [], "second": [], "third": []}

    async def follow(name: str) -> None:
        async for step in follow_brief(services, Submitted(ARTICLE, name), "address of all"):
            told[name].append(step)

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for name in told:
                group.start_soon(follow, name)
                while not told[name] or told[name][-1] == Reached("read"):
                    await anyio.sleep(0.01)
            held.go_on.set()

    anyio.run(all_of_them)
    services.batcher.close(10)
    assert Reached("wait", 1) in told["third"]
    assert all(isinstance(steps[-1], Brief) for steps in told.values())
    assert desk_store.briefs.get(told["first"][-1].id) is not None


def test_what_takes_too_long_ends_with_the_deadline_and_frees_its_place(desk_store: Store, held: Held) -> None:
    config = load_config(summarize={"model": "extractive"}, serve={"deadline_seconds": 0.3})
    services = services_of(config, desk_store, held)

    async def follow() -> None:
        async for _ in follow_brief(services, Submitted(ARTICLE, "late"), "address of all"):
            pass

    with pytest.raises(DeadlineExceeded):
        anyio.run(follow)
    held.go_on.set()
    services.batcher.close(10)
    assert services.batcher.places.taken == 0


def test_who_stops_listening_stops_the_work(config: Config, desk_store: Store, held: Held) -> None:
    services = services_of(config, desk_store, held)

    async def leave_at_once() -> None:
        steps = follow_brief(services, Submitted(ARTICLE, "left"), "address of all")
        await anext(steps)
        await steps.aclose()  # type: ignore[attr-defined]
        while services.batcher.places.taken:
            await anyio.sleep(0.01)

    anyio.run(leave_at_once)
    held.go_on.set()
    services.batcher.close(10)
    assert not desk_store.briefs.tally(BriefQuery())
