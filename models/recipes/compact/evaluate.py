"""How good the converted model is: BLEU, chrF, figures kept and sentences a second, on dev sets or held-out pairs."""

from __future__ import annotations

import gzip
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
from models.recipes.compact.batches import Encoder
from models.recipes.compact.data import read_pairs
from sacrebleu import corpus_bleu, corpus_chrf

from depesche.figures import compare_figures, find_figures


@dataclass(frozen=True, slots=True)
class Scores:
    """What one decoding of one set of sentences reached; `figures` is the share of the source's figures kept."""

    set: str
    beam: int
    sentences: int
    bleu: float
    chrf: float
    figures: float
    sentences_per_s: float


class CompactTranslator:
    """The converted model with its tokenizer; translates plain sentences."""

    def __init__(self, folder: Path, threads: int = 2, device: str = "cpu") -> None:
        self.encoder = Encoder(folder)
        vocabulary = self.encoder.tokenizer.get_vocab()
        self.ends = [token for token in ("<eos>", "\n") if token in vocabulary]
        self.generator = ctranslate2.Generator(str(folder), device=device, intra_threads=threads, compute_type="int8")

    def translate(self, german: Sequence[str], beam: int = 1, batch_tokens: int = 1_024) -> list[str]:
        """Translate sentences; the order is kept."""
        names = self.encoder.tokenizer
        prompts = [[names.id_to_token(number) for number in ids] for ids in self.encoder.prompts(german)]
        longest = max((len(prompt) for prompt in prompts), default=0)
        results = self.generator.generate_batch(
            prompts,
            beam_size=beam,
            max_length=2 * longest + 16,
            include_prompt_in_result=False,
            end_token=self.ends,
            max_batch_size=batch_tokens,
            batch_type="tokens",
        )
        return [" ".join(names.decode(result.sequences_ids[0]).split()) for result in results]


def read_dev(data: Path, name: str, count: int | None) -> list[tuple[str, str]]:
    """Return the first `count` pairs of a dev set, such as newstest2019."""
    with gzip.open(data / "mt" / "dev" / f"{name}.de-en.tsv.gz", "rt", encoding="utf-8") as lines:
        pairs = [tuple(line.rstrip("\n").split("\t")) for line in lines]
    return [(pair[0], pair[1]) for pair in pairs[:count]]


def read_held_out(work: Path, count: int | None, name: str = "held_out") -> list[tuple[str, str]]:
    """Return the first `count` held-out pairs, or those of our own sentences that are kept back (`own`)."""
    return [(pair.german, pair.english) for pair in read_pairs(work / "data" / f"{name}.jsonl")[:count]]


def figures_kept(sources: Sequence[str], translations: Sequence[str]) -> float:
    """Return the share of the source's figures that the translations state faithfully."""
    kept = total = 0
    for source, translation in zip(sources, translations, strict=True):
        there = find_figures(source, "de")
        found = find_figures(translation, "en")
        lost = {
            id(match.source)
            for match in compare_figures(there, found, source_text=source, target_text=translation).problems
            if match.source is not None
        }
        total += len(there)
        kept += len(there) - len(lost)
    return kept / total if total else 1.0


def score(
    translator: CompactTranslator, name: str, pairs: Sequence[tuple[str, str]], beam: int
) -> tuple[Scores, list[str]]:
    """Translate the German sides and score them against the English ones."""
    sources, references = [german for german, _ in pairs], [english for _, english in pairs]
    start = time.perf_counter()
    translations = translator.translate(sources, beam)
    seconds = time.perf_counter() - start
    scores = Scores(
        name,
        beam,
        len(pairs),
        round(corpus_bleu(translations, [references]).score, 1),
        round(corpus_chrf(translations, [references]).score, 1),
        round(figures_kept(sources, translations), 4),
        round(len(pairs) / seconds, 2),
    )
    return scores, translations
