"""The whole way of an article, for any number of articles: read → translate → summarize → verify → brief.

One article is a batch of one. Errors are caught by article: `Pipeline.run` yields a brief or the error that stands in
its place, in the order of the articles, and a bad article never stops the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Literal, Self

from depesche.article import Article
from depesche.brief import Brief, ModelInfo, PromptInfo, build_brief
from depesche.catalogue import InstalledModel, Progress, ensure_model, get_card
from depesche.checks.instructions import is_instruction
from depesche.config import Config
from depesche.engines import Engine, load_engine
from depesche.errors import DepescheError, GenerationFailed, LanguageUndetermined, LanguageUnsupported, NotAnArticle
from depesche.extractive import ExtractiveSummarizer
from depesche.prompts import Prompt
from depesche.read import read_article
from depesche.source import UNDETERMINED, Source
from depesche.summarize import ModelSummarizer, Summarizer
from depesche.translate import ModelTranslator, translate
from depesche.translation import Translation
from depesche.verify import verify

Stage = Literal["read", "load", "translate", "summarize", "verify"]
Listener = Callable[[Stage, int], None]
"""Told when a stage begins and for how many articles."""

EXTRACTIVE = "extractive"
_ARTICLES_A_BATCH = 8


class Pipeline:
    """The stages with their models. Models are loaded on first use and kept; close it, or use it as a context."""

    def __init__(self, config: Config, *, progress: Progress | None = None, listener: Listener | None = None) -> None:
        self._config = config
        self._progress = progress
        self._listener = listener
        self._engines: dict[str, tuple[InstalledModel, Engine]] = {}

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
                yield translate([self.read(article)], self.translator())[0]
            except DepescheError as error:
                yield error

    def read(self, article: Article) -> Source:
        """Return the article read, if there is a translator for its language. Raises `ReadError`."""
        source = read_article(article, self._config.read)
        language = source.detection.language
        offered = (*self._languages(), "en")
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

    def _run_batch(self, articles: Sequence[Article]) -> list[Brief | DepescheError]:
        outcomes: list[Brief | DepescheError | None] = [None] * len(articles)
        sources: dict[int, Source] = {}
        clock = _Clock()
        self._tell("read", len(articles))
        for n, article in enumerate(articles):
            try:
                with clock("read"):
                    sources[n] = self.read(article)
            except DepescheError as error:
                outcomes[n] = error
        for n, outcome in zip(sources, self._write(list(sources.values()), clock), strict=True):
            outcomes[n] = outcome
        return [outcome for outcome in outcomes if outcome is not None]

    def _write(self, sources: Sequence[Source], clock: _Clock) -> list[Brief | DepescheError]:
        """Run the model stages over all sources at once; where that fails, one by one to find the culprit."""
        if not sources:
            return []
        try:
            return list(self._write_all(sources, clock))
        except GenerationFailed as error:
            if len(sources) == 1:
                return [error]
            return [outcome for source in sources for outcome in self._write([source], _Clock())]

    def _write_all(self, sources: Sequence[Source], clock: _Clock) -> list[Brief]:
        self._tell("load", len(sources))
        with clock("load"):
            translator, summarizer = self.translator(), self._summarizer()
        self._tell("translate", len(sources))
        with clock("translate"):
            translations = translate(sources, translator)
        self._tell("summarize", len(sources))
        with clock("summarize"):
            drafts = summarizer.summarize(translations)
        self._tell("verify", len(sources))
        with clock("verify"):
            verified = [verify(translation, draft) for translation, draft in zip(translations, drafts, strict=True)]
        timings = clock.shared_by(len(sources))
        return [
            build_brief(
                one,
                models=self._model_infos(),
                prompts=_prompt_infos(translator, summarizer),
                config_sha256=self._config.output_hash,
                timings=timings,
            )
            for one in verified
        ]

    def _languages(self) -> tuple[str, ...]:
        return get_card(self._config.translate.model).languages.source

    def translator(self) -> ModelTranslator:
        """Return the translator, its model loaded. Raises `ModelError`."""
        return self._model_translator(self._config.translate.model, second=self._second())

    def _model_translator(self, name: str, second: str | None = None) -> ModelTranslator:
        model, engine = self._engine(name)
        another = self._model_translator(second) if second else None
        return ModelTranslator(engine, model, self._config.translate.hypotheses, another)

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
        return ModelSummarizer(engine, model, settings.key_points)

    def _engine(self, name: str) -> tuple[InstalledModel, Engine]:
        if name not in self._engines:
            model = ensure_model(name, self._config, self._progress)
            self._engines[name] = model, load_engine(model, threads=self._config.engine.threads)
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
    if isinstance(summarizer, ModelSummarizer):
        prompts += summarizer.prompts
    return [PromptInfo(id=p.id, version=p.version, sha256=p.sha256) for p in prompts]


class _Clock:
    """Adds up the seconds that each stage took."""

    def __init__(self) -> None:
        self._seconds: dict[Stage, float] = {}

    @contextmanager
    def __call__(self, stage: Stage) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + time.perf_counter() - begin

    def shared_by(self, articles: int) -> dict[str, float]:
        """Return the seconds a stage took, shared equally by the articles of the batch."""
        return {stage: round(seconds / articles, 4) for stage, seconds in self._seconds.items()}
