"""The batcher: who is next, who is turned away, and that whoever goes away frees a place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from depesche.api.batcher import Batcher, Priority
from depesche.api.places import Places
from depesche.article import Article, Origin
from depesche.engines.pauses import between_batches, pausing, working_seconds
from depesche.errors import DepescheError, GenerationFailed, NotReady, QueueFull, UnexpectedFailure
from depesche.source import Detection, Source


class ScriptedPipeline:
    """Drafts nothing but the number of the source, and waits until it may."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.may_go.set()
        self.begun = threading.Event()
        self.calls: list[list[str]] = []
        self.fails: Callable[[Sequence[Source]], None] = lambda _: None

    def draft(self, sources: Sequence[Source]) -> list[Any]:
        self.begun.set()
        assert self.may_go.wait(30)
        names = [source.article.text for source in sources]
        self.calls.append(names)
        self.fails(sources)
        return [f"brief of {name}" for name in names]


def some(name: str) -> Source:
    article = Article(name, Origin(name, "text", "utf-8", ""))
    return Source(article, Detection("de", 1.0), (), (), (), ())


@pytest.fixture
def pipeline() -> ScriptedPipeline:
    return ScriptedPipeline()


@pytest.fixture
def make(pipeline: ScriptedPipeline) -> Iterator[Callable[..., Batcher]]:
    made: list[Batcher] = []

    def make_batcher(**settings: Any) -> Batcher:
        batcher = Batcher(pipeline, **{"queue_size": 20, "batch_articles": 4, "wait": 0.0, **settings})  # type: ignore[arg-type]
        made.append(batcher)
        batcher.start()
        return batcher

    yield make_batcher
    pipeline.may_go.set()
    for batcher in made:
        batcher.close(5)
        assert not batcher.alive


async def ask(batcher: Batcher, name: str, client: str = "one") -> Any:
    async with batcher.place(client) as place:
        return await batcher.draft(some(name), place)


async def settle(batcher: Batcher, waiting: int) -> None:
    """Wait until so many articles wait for the models."""
    async with asyncio.timeout(30):
        while batcher.depth(Priority.INTERACTIVE) != waiting:
            await asyncio.sleep(0.001)


async def hold(batcher: Batcher, pipeline: ScriptedPipeline) -> asyncio.Task[Any]:
    """Have the models busy with one article until `pipeline.may_go` is set."""
    pipeline.may_go.clear()
    busy = asyncio.create_task(ask(batcher, "busy", "busy"))
    assert await asyncio.to_thread(pipeline.begun.wait, 30)
    return busy


def test_requests_that_wait_go_into_one_call(make: Callable[..., Batcher], pipeline: ScriptedPipeline) -> None:
    async def check() -> None:
        batcher = make()
        busy = await hold(batcher, pipeline)
        others = [asyncio.create_task(ask(batcher, name)) for name in "abcdef"]
        await settle(batcher, 6)
        pipeline.may_go.set()
        assert await asyncio.gather(busy, *others) == [f"brief of {name}" for name in ("busy", *"abcdef")]
        assert pipeline.calls == [["busy"], list("abcd"), list("ef")]

    asyncio.run(check())


def test_a_call_waits_for_more_articles_until_it_is_full(
    make: Callable[..., Batcher], pipeline: ScriptedPipeline
) -> None:
    async def check() -> None:
        batcher = make(wait=60.0)
        await asyncio.gather(*(ask(batcher, name) for name in "abcd"))
        assert [sorted(call) for call in pipeline.calls] == [list("abcd")]

    asyncio.run(check())


def test_a_call_is_at_no_stage_of_the_one_before(make: Callable[..., Batcher], pipeline: ScriptedPipeline) -> None:
    batcher, stages = make(), []

    def note(_: Sequence[Source]) -> None:
        stages.append(batcher.stage)
        batcher.hear("summarize")

    async def check() -> None:
        for name in "ab":
            await ask(batcher, name)

    pipeline.fails = note
    asyncio.run(check())
    assert stages == [None, None]


def test_clients_take_turns(make: Callable[..., Batcher], pipeline: ScriptedPipeline) -> None:
    async def check() -> None:
        batcher = make(batch_articles=2)
        busy = await hold(batcher, pipeline)
        flood = [asyncio.create_task(ask(batcher, f"flood {n}", "flood")) for n in range(6)]
        await settle(batcher, 6)
        other = asyncio.create_task(ask(batcher, "other", "other"))
        await settle(batcher, 7)
        pipeline.may_go.set()
        await asyncio.gather(busy, *flood, other)
        assert pipeline.calls[1] == ["flood 0", "other"]

    asyncio.run(check())


def test_a_full_queue_turns_away_and_says_when_to_come_again(
    make: Callable[..., Batcher], pipeline: ScriptedPipeline
) -> None:
    async def check() -> None:
        batcher = make(queue_size=2, batch_articles=1)
        busy = await hold(batcher, pipeline)
        others = [asyncio.create_task(ask(batcher, name)) for name in "ab"]
        await settle(batcher, 2)
        batcher.places.measured(8.0, 2)
        with pytest.raises(QueueFull) as refused:
            await ask(batcher, "c")
        assert refused.value.retry_after == 12  # three on their way, four seconds each
        pipeline.may_go.set()
        await asyncio.gather(busy, *others)
        assert await ask(batcher, "c") == "brief of c"

    asyncio.run(check())


def test_who_holds_most_places_gives_one_up_to_a_newcomer(
    make: Callable[..., Batcher], pipeline: ScriptedPipeline
) -> None:
    async def check() -> None:
        batcher = make(queue_size=3, batch_articles=1)
        busy = await hold(batcher, pipeline)
        flood = [asyncio.create_task(ask(batcher, f"flood {n}", "flood")) for n in range(3)]
        await settle(batcher, 3)
        other = asyncio.create_task(ask(batcher, "other", "other"))
        with pytest.raises(QueueFull):
            await flood[2]
        pipeline.may_go.set()
        assert await other == "brief of other"
        assert await asyncio.gather(busy, *flood[:2]) == ["brief of busy", "brief of flood 0", "brief of flood 1"]

    asyncio.run(check())


def test_a_request_that_is_cancelled_leaves_the_queue(make: Callable[..., Batcher], pipeline: ScriptedPipeline) -> None:
    async def check() -> None:
        batcher = make(queue_size=1, batch_articles=1)
        busy = await hold(batcher, pipeline)
        gone = asyncio.create_task(ask(batcher, "gone"))
        await settle(batcher, 1)
        gone.cancel()
        await settle(batcher, 0)
        stays = asyncio.create_task(ask(batcher, "stays"))
        await settle(batcher, 1)
        pipeline.may_go.set()
        await asyncio.gather(busy, stays)
        assert pipeline.calls == [["busy"], ["stays"]]
        assert batcher.places.taken == 0

    asyncio.run(check())


def test_single_requests_go_before_jobs_which_are_not_forgotten(
    make: Callable[..., Batcher], pipeline: ScriptedPipeline
) -> None:
    async def check() -> None:
        batcher = make(batch_articles=1)
        busy = await hold(batcher, pipeline)
        job = asyncio.create_task(asyncio.to_thread(batcher.draft_blocking, [some("j1"), some("j2")], "job"))
        async with asyncio.timeout(30):
            while batcher.depth(Priority.JOB) < 2:
                await asyncio.sleep(0.001)
        single = [asyncio.create_task(ask(batcher, f"s{n}")) for n in range(12)]
        await settle(batcher, 12)
        pipeline.may_go.set()
        await asyncio.gather(busy, job, *single)
        order = [call[0] for call in pipeline.calls[1:]]
        assert order[0] == "s0"
        assert order.index("j1") == 7  # after eight calls, of which the first was that of "busy"
        assert set(order) == {"j1", "j2", *(f"s{n}" for n in range(12))}

    asyncio.run(check())


@pytest.mark.parametrize("failure", [GenerationFailed("no"), KeyError("a bug")])
def test_one_article_that_fails_does_not_fail_its_company(
    make: Callable[..., Batcher], pipeline: ScriptedPipeline, failure: Exception
) -> None:
    def fail(sources: Sequence[Source]) -> None:
        if any(source.article.text == "bad" for source in sources):
            raise failure

    async def check() -> None:
        pipeline.fails = fail
        batcher = make(wait=60.0, batch_articles=3)
        outcomes = await asyncio.gather(*(ask(batcher, name) for name in ("a", "bad", "b")), return_exceptions=True)
        assert outcomes[::2] == ["brief of a", "brief of b"]
        assert type(outcomes[1]) is (GenerationFailed if isinstance(failure, GenerationFailed) else UnexpectedFailure)
        assert batcher.alive

    asyncio.run(check())


def test_what_waits_when_the_service_ends_is_told_so(make: Callable[..., Batcher], pipeline: ScriptedPipeline) -> None:
    async def check() -> None:
        batcher = make(batch_articles=1)
        busy = await hold(batcher, pipeline)
        waits = asyncio.create_task(ask(batcher, "waits"))
        await settle(batcher, 1)
        closing = asyncio.create_task(asyncio.to_thread(batcher.close, 30))
        with pytest.raises(NotReady):
            await waits
        pipeline.may_go.set()
        assert await busy == "brief of busy"
        await closing
        with pytest.raises(NotReady):
            await ask(batcher, "late")
        with pytest.raises(DepescheError):
            batcher.draft_blocking([some("late")], "job")

    asyncio.run(check())


def test_a_long_article_has_a_call_of_its_own(make: Callable[..., Batcher], pipeline: ScriptedPipeline) -> None:
    async def check() -> None:
        batcher = make()
        busy = await hold(batcher, pipeline)
        long = "Das ist ein langer Satz. " * 2_500
        others = [asyncio.create_task(ask(batcher, text)) for text in ("a", long, "b")]
        await settle(batcher, 3)
        pipeline.may_go.set()
        await asyncio.gather(busy, *others)
        assert [len(call) for call in pipeline.calls] == [1, 1, 1, 1]

    asyncio.run(check())


def test_a_slow_machine_makes_calls_that_end_in_time(make: Callable[..., Batcher], pipeline: ScriptedPipeline) -> None:
    async def main() -> None:
        batcher = make(deadline=40)
        batcher.places.measured(5, 1)  # ten seconds a call, a quarter of the deadline, are two articles
        batcher.places.measured = lambda *_, **__: None  # type: ignore[method-assign]  # however slow this machine is
        pipeline.may_go.clear()
        first = asyncio.create_task(ask(batcher, "first"))
        await asyncio.to_thread(pipeline.begun.wait, 30)
        others = [asyncio.create_task(ask(batcher, str(n))) for n in range(4)]
        await settle(batcher, 4)
        pipeline.may_go.set()
        await asyncio.gather(first, *others)

    asyncio.run(main())
    assert pipeline.calls[1] == ["0", "1"]


class BatchingPipeline:
    """Drafts in batches, one for each "." of an article, with a pause after each; it begins none before it may."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.batches = threading.Semaphore(0)
        self.begun = threading.Event()

    def draft(self, sources: Sequence[Source]) -> list[Any]:
        names = [source.article.text for source in sources]
        total = sum(name.count(".") for name in names)
        self.begun.set()
        for number in range(total):
            assert self.batches.acquire(timeout=30)
            between_batches(number + 1, total)
        self.done += names
        return [f"brief of {name}" for name in names]


@pytest.fixture
def batching() -> Iterator[tuple[BatchingPipeline, Callable[..., Batcher]]]:
    pipeline, made = BatchingPipeline(), []

    def make_batcher(**settings: Any) -> Batcher:
        made.append(Batcher(pipeline, **{"queue_size": 20, "batch_articles": 4, "wait": 0.0, **settings}))  # type: ignore[arg-type]
        made[-1].start()
        return made[-1]

    yield pipeline, make_batcher
    pipeline.batches.release(1_000)
    for batcher in made:
        batcher.close(5)
        assert not batcher.alive


def test_a_call_for_which_nobody_waits_any_more_ends(
    batching: tuple[BatchingPipeline, Callable[..., Batcher]],
) -> None:
    pipeline, make = batching

    async def check() -> None:
        batcher = make()
        gone = asyncio.create_task(ask(batcher, "....."))
        assert await asyncio.to_thread(pipeline.begun.wait, 30)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        pipeline.batches.release()  # of five batches the first
        assert await ask(batcher, "next") == "brief of next"
        assert pipeline.done == ["next"]
        assert batcher.places.taken == 0

    asyncio.run(check())


def test_a_call_goes_on_as_long_as_somebody_waits_for_one_of_its_articles(
    batching: tuple[BatchingPipeline, Callable[..., Batcher]],
) -> None:
    pipeline, make = batching

    async def check() -> None:
        batcher = make(wait=60.0, batch_articles=2)
        gone, stays = (asyncio.create_task(ask(batcher, name)) for name in ("a.", "b."))
        assert await asyncio.to_thread(pipeline.begun.wait, 30)
        gone.cancel()
        pipeline.batches.release(2)
        assert await stays == "brief of b."

    asyncio.run(check())


def test_a_call_of_a_job_lets_those_go_first_for_whom_somebody_waits(
    batching: tuple[BatchingPipeline, Callable[..., Batcher]],
) -> None:
    pipeline, make = batching

    async def check() -> None:
        batcher = make()
        job = asyncio.create_task(asyncio.to_thread(batcher.draft_blocking, [some("job..."), some("job too")], "job"))
        assert await asyncio.to_thread(pipeline.begun.wait, 30)
        first = asyncio.create_task(ask(batcher, "first"))
        await settle(batcher, 1)
        pipeline.batches.release()
        assert await first == "brief of first"
        second = asyncio.create_task(ask(batcher, "second"))
        await settle(batcher, 1)
        pipeline.batches.release(2)
        assert await second == "brief of second"
        assert await job == ["brief of job...", "brief of job too"]
        assert pipeline.done == ["first", "second", "job...", "job too"]

    asyncio.run(check())


def test_a_call_that_takes_longer_than_it_should_lets_others_go_first_and_those_do_not(
    batching: tuple[BatchingPipeline, Callable[..., Batcher]],
) -> None:
    pipeline, make = batching

    async def check() -> None:
        batcher = make(deadline=0.04, batch_articles=1)  # a call should take a hundredth of a second
        long = asyncio.create_task(ask(batcher, "long.."))
        assert await asyncio.to_thread(pipeline.begun.wait, 30)
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(ask(batcher, name)) for name in ("other..", "third")]
        await settle(batcher, 2)
        pipeline.batches.release(4)
        await asyncio.gather(long, *others)
        assert pipeline.done == ["other..", "long..", "third"]  # after its last batch it waits for nobody

    asyncio.run(check())


def test_a_long_call_in_the_pause_of_a_job_lets_others_go_first_too(
    batching: tuple[BatchingPipeline, Callable[..., Batcher]],
) -> None:
    pipeline, make = batching

    async def check() -> None:
        batcher = make(deadline=0.04, batch_articles=1)
        job = asyncio.create_task(asyncio.to_thread(batcher.draft_blocking, [some("job..")], "job"))
        assert await asyncio.to_thread(pipeline.begun.wait, 30)
        pipeline.begun.clear()
        long = asyncio.create_task(ask(batcher, "long.."))
        await settle(batcher, 1)
        pipeline.batches.release()
        assert await asyncio.to_thread(pipeline.begun.wait, 30)
        await asyncio.sleep(0.05)
        other = asyncio.create_task(ask(batcher, "other"))
        await settle(batcher, 1)
        pipeline.batches.release(3)
        await asyncio.gather(job, long, other)
        assert pipeline.done == ["other", "long..", "job.."]

    asyncio.run(check())


def test_at_the_end_a_call_that_has_had_its_grace_is_given_up(
    batching: tuple[BatchingPipeline, Callable[..., Batcher]],
) -> None:
    pipeline, make = batching
    batcher, outcomes = make(), []
    asking = threading.Thread(target=lambda: outcomes.extend(batcher.draft_blocking([some("job...")], "job")))
    asking.start()
    assert pipeline.begun.wait(30)
    closing = threading.Thread(target=lambda: batcher.close(0.01))
    closing.start()
    while not batcher._ending and closing.is_alive():
        closing.join(0.01)
    pipeline.batches.release()
    for thread in (closing, asking):
        thread.join(30)
    assert [type(outcome) for outcome in outcomes] == [NotReady]
    assert not batcher.alive


def test_what_was_given_up_does_not_make_articles_look_quick() -> None:
    places = Places(50, patience=30)
    places.measured(10, 1)
    places.measured(0.1, 1, ended=False)
    assert places.count == 3
    places.measured(20, 1, ended=False)
    assert places.count == 2


def test_the_clock_of_a_call_stands_still_in_its_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("depesche.engines.pauses.time", SimpleNamespace(perf_counter=lambda: now[0]))

    def wait(_done: int, total: int) -> None:
        if total > 1:  # a call in the pause, with a pause of its own
            with pausing(wait):
                between_batches(1, 1)
        now[0] += 50.0

    worked = working_seconds()
    with pausing(wait):
        now[0] += 1.0
        between_batches(1, 2)
        now[0] += 2.0
    assert now[0] == 103.0
    assert working_seconds() - worked == 3.0
