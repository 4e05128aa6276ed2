"""The whole way of an article, for any number of articles: read → translate → summarize → verify → brief.

One article is a batch of one. Errors are caught by article: `Pipeline.run` yields a brief or the error that stands in
its place, in the order of the articles, and a bad article never stops the others.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from typing import Literal, Self

from depesche.article import Article
from depesche.brief import Brief, ModelInfo, PromptInfo, build_brief
from depesche.catalogue import InstalledModel, Progress, ensure_model, get_card
from depesche.checks.instructions import is_instruction
from depesche.config import Config
from depesche.draft import Draft
from depesche.engines import Engine, load_engine
from depesche.engines.cache import CachedEngine, GenerationCache
from depesche.engines.lazy import LazyEngine
from depesche.engines.pauses import working_seconds
from depesche.errors import DepescheError, GenerationFailed, LanguageUndetermined, LanguageUnsupported, NotAnArticle
from depesche.extractive import ExtractiveSummarizer
from depesche.prompts import Prompt
from depesche.read import read_article
from depesche.source import UNDETERMINED, Source
from depesche.summarize import ModelSummarizer, Summarizer, TrainedSummarizer
from depesche.translate import ModelTranslator, needs_translation, translate
from depesche.translation import Translation
from depesche.verify import verify

Stage = Literal["read", "load", "translate", "summarize", "verify"]
Listener = Callable[[Stage, int], None]
"""Told when a stage begins and for how many articles."""

EXTRACTIVE = "extractive"
_ARTICLES_A_BATCH = 8


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the model stages make of a source; `seconds` is the article's share of each stage."""

    translation: Translation
    draft: Draft
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a brief says of how it came about: the same for all briefs of a pipeline."""

    models: tuple[ModelInfo, ...]
    prompts: tuple[PromptInfo, ...]
    config_sha256: str

    @property
    def sha256(self) -> str:
        """Return a hash of everything but the article that can change a brief: settings, models, prompts, program."""
        parts = [one.model_dump(mode="json") for one in (*self.models, *self.prompts)]
        canonical = json.dumps([version("depesche"), self.config_sha256, parts], sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


def read_checked(article: Article, config: Config) -> Source:
    """Return the article read, if there is a translator for its language. Raises `ReadError`, `NotAnArticle`."""
    source = read_article(article, config.read)
    language = source.detection.language
    offered = (*get_card(config.translate.model).languages.source, "en")
    if language == UNDETERMINED:
        raise LanguageUndetermined(
            f"too short or too mixed to tell its language (confidence {source.detection.confidence:.2f})",
            place=article.origin.name,
            remedy="name the language in the article's `language` field, or lower read.min_confidence",
        )
    if language not in offered:
        raise LanguageUnsupported(
            f"no translator for {language!r}; there are translators for {', '.join(offered[:-1])}",
            place=article.origin.name,
            remedy="choose a translation model for this language: depesche models list",
        )
    if all(is_instruction(sentence.text) for sentence in source.sentences):
        raise NotAnArticle("nothing but text that addresses a language model", place=article.origin.name)
    return source


def finish(translation: Translation, draft: Draft, imprint: Imprint, timings: Mapping[str, float]) -> Brief:
    """Verify `draft` and return the brief: the last stages, which need no model."""
    return build_brief(
        verify(translation, draft),
        models=imprint.models,
        prompts=imprint.prompts,
        config_sha256=imprint.config_sha256,
        timings=timings,
    )


class Pipeline:
    """The stages with their models. Models are loaded on first use and kept; close it, or use it as a context."""

    def __init__(
        self,
        config: Config,
        *,
        progress: Progress | None = None,
        listener: Listener | None = None,
        cache: GenerationCache | None = None,
    ) -> None:
        self._config = config
        self._cache = cache
        self._progress = progress
        self._listener = listener
        self._engines: dict[str, tuple[InstalledModel, LazyEngine | CachedEngine]] = {}
        self._lock = threading.RLock()  # a service asks for the imprint from other threads than the models' own

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the models."""
        for _, engine in self._engines.values():
            engine.close()
        self._engines.clear()

    def brief(self, article: Article) -> Brief:
        """Return the brief of one article. Raises the `DepescheError` that stands in its place."""
        outcome = next(self.run([article]))
        if isinstance(outcome, DepescheError):
            raise outcome
        return outcome

    def run(self, articles: Iterable[Article]) -> Iterator[Brief | DepescheError]:
        """Yield for each article its brief or its error, in order; articles are taken a few at a time."""
        remaining = iter(articles)
        while batch := list(islice(remaining, _ARTICLES_A_BATCH)):
            yield from self._run_batch(batch)

    def translations(self, articles: Iterable[Article]) -> Iterator[Translation | DepescheError]:
        """Yield for each article its checked translation or its error: the first two stages on their own."""
        for article in articles:
            try:
                self._tell("read", 1)
                source = self.read(article)
                self._tell("load", 1)
                self._load_engine(self._config.translate.model)
                self._tell("translate", 1)
                yield translate([source], self.translator())[0]
            except DepescheError as error:
                yield error

    def read(self, article: Article) -> Source:
        """Return the article read, if there is a translator for its language. Raises as `read_checked` does."""
        return read_checked(article, self._config)

    def imprint(self) -> Imprint:
        """Return what briefs of this pipeline say of their making; fetches models that are missing, loads none.

        Raises `ModelError`.
        """
        translator, summarizer = self.translator(), self._summarizer()
        return Imprint(
            tuple(self._model_infos()), tuple(_prompt_infos(translator, summarizer)), self._config.output_hash
        )

    def draft(self, sources: Sequence[Source]) -> list[Drafted | DepescheError]:
        """Run the model stages over all sources at once; where the model fails, one by one to find the culprit.

        Raises the `ModelError` of a model that cannot be had.
        """
        if not sources:
            return []
        try:
            return list(self._draft_all(sources))
        except GenerationFailed as error:
            if len(sources) == 1:
                return [error]
            return [outcome for source in sources for outcome in self.draft([source])]

    def _run_batch(self, articles: Sequence[Article]) -> list[Brief | DepescheError]:
        outcomes: dict[int, Brief | DepescheError] = {}
        sources: dict[int, Source] = {}
        clock = _Clock()
        self._tell("read", len(articles))
        for n, article in enumerate(articles):
            try:
                with clock("read"):
                    sources[n] = self.read(article)
            except DepescheError as error:
                outcomes[n] = error
        seconds = clock.shared_by(max(1, len(sources)))
        drafts = dict(zip(sources, self.draft(list(sources.values())), strict=True))
        self._tell("verify", len(drafts))
        for n, drafted in drafts.items():
            outcomes[n] = drafted if isinstance(drafted, DepescheError) else self._finish(drafted, seconds)
        return [outcomes[n] for n in range(len(articles))]

    def _draft_all(self, sources: Sequence[Source]) -> list[Drafted]:
        clock = _Clock()
        self._tell("load", len(sources))
        with clock("load"):
            translator, summarizer = self.translator(), self._summarizer()
            self._load(sources)
        self._tell("translate", len(sources))
        with clock("translate"):
            translations = translate(sources, translator)
        self._tell("summarize", len(sources))
        with clock("summarize"):
            drafts = summarizer.summarize(translations)
        seconds = clock.shared_by(len(sources))
        return [Drafted(one, draft, seconds) for one, draft in zip(translations, drafts, strict=True)]

    def _finish(self, drafted: Drafted, seconds: Mapping[str, float]) -> Brief:
        begin = time.perf_counter()
        brief = finish(drafted.translation, drafted.draft, self.imprint(), {})
        timings = {**seconds, **drafted.seconds, "verify": round(time.perf_counter() - begin, 4)}
        return brief.model_copy(update={"timings": timings})

    def _load(self, sources: Sequence[Source]) -> None:
        """Load the models that these sources need: without a German sentence among them, no translator."""
        if any(needs_translation(source) for source in sources):
            self._load_engine(self._config.translate.model)
        if self._config.summarize.model != EXTRACTIVE:
            self._load_engine(self._config.summarize.model)

    def _load_engine(self, name: str) -> None:
        _, engine = self._engine(name)
        if isinstance(engine, LazyEngine):  # one with a cache may never be asked
            engine.load()

    def translator(self) -> ModelTranslator:
        """Return the translator; its model is loaded when it is first asked. Raises `ModelError`."""
        return self._model_translator(self._config.translate.model, second=self._second())

    def _model_translator(self, name: str, second: str | None = None) -> ModelTranslator:
        model, engine = self._engine(name)
        another = self._model_translator(second) if second else None
        settings = self._config.translate
        return ModelTranslator(engine, model, settings.hypotheses, settings.retries, settings.beams, another)

    def _second(self) -> str | None:
        """Return the model to ask where the translator failed: the summarizer, if it can be told what must be there."""
        name = self._config.summarize.model
        if name in {EXTRACTIVE, self._config.translate.model}:
            return None
        trained = get_card(self._config.translate.model).prompt is not None
        return name if trained and "translate" in get_card(name).tasks else None

    def _summarizer(self) -> Summarizer:
        settings = self._config.summarize
        if settings.model == EXTRACTIVE:
            return ExtractiveSummarizer(key_points=settings.key_points)
        model, engine = self._engine(settings.model)
        kind = TrainedSummarizer if model.card.brief_prompt else ModelSummarizer
        return kind(engine, model, settings.key_points)

    def _engine(self, name: str) -> tuple[InstalledModel, LazyEngine | CachedEngine]:
        with self._lock:
            return self._found_engine(name)

    def _found_engine(self, name: str) -> tuple[InstalledModel, LazyEngine | CachedEngine]:
        if name not in self._engines:
            model = ensure_model(name, self._config, self._progress)

            def load() -> Engine:
                return load_engine(model, threads=self._config.engine.threads)

            engine = LazyEngine(load)
            promises = model.card.promises
            sound = promises.deterministic and promises.batch_parity
            self._engines[name] = model, CachedEngine(engine, model, self._cache) if self._cache and sound else engine
        return self._engines[name]

    def _model_infos(self) -> list[ModelInfo]:
        translator = self._config.translate.model
        summarizer = self._config.summarize.model
        infos = [self._model_info("translate", translator)]
        if summarizer == EXTRACTIVE:
            return [*infos, ModelInfo(role="summarize", name=EXTRACTIVE, sha256=None, engine=EXTRACTIVE)]
        return [*infos, self._model_info("summarize", summarizer)]

    def _model_info(self, role: Literal["translate", "summarize"], name: str) -> ModelInfo:
        model, _ = self._engine(name)
        return ModelInfo(role=role, name=name, sha256=model.sha256, engine=model.card.engine)

    def _tell(self, stage: Stage, articles: int) -> None:
        if self._listener:
            self._listener(stage, articles)


def _prompt_infos(translator: ModelTranslator, summarizer: Summarizer) -> list[PromptInfo]:
    prompts: list[Prompt] = [*translator.prompts, *(translator.second.prompts if translator.second else ())]
    if isinstance(summarizer, ModelSummarizer | TrainedSummarizer):
        prompts += summarizer.prompts
    return [PromptInfo(id=p.id, version=p.version, sha256=p.sha256) for p in prompts]


class _Clock:
    """Adds up the seconds that each stage took, without what was done for others in pauses."""

    def __init__(self) -> None:
        self._seconds: dict[Stage, float] = {}

    @contextmanager
    def __call__(self, stage: Stage) -> Iterator[None]:
        begin = working_seconds()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + working_seconds() - begin

    def shared_by(self, articles: int) -> dict[str, float]:
        """Return the seconds a stage took, shared equally by the articles of the batch."""
        return {stage: round(seconds / articles, 4) for stage, seconds in self._seconds.items()}
