"""What a machine can check of whole briefs, and what they cost: the articles named, or every article of a folder.

    python -m benchmarks.briefs [--data FOLDER] [--wikinews N] [--model-summarize extractive] [ARTICLE …]

Without articles it takes the samples in examples/. `--wikinews N` adds the first N articles of FOLDER (or
DEPESCHE_DATA) `articles/wikinews_de`; `--seed` adds its seed article. Prints for each article: status, figures in the
article and in the brief, share traced, share of the leading figures covered, words, compression, seconds by stage,
and at the end the codes of what was flagged and the peak memory of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from depesche.article import Article
from depesche.brief import Brief, BriefClaim
from depesche.config import load_config
from depesche.errors import DepescheError
from depesche.importance import leading_figures
from depesche.ingest import ingest_bytes, ingest_file
from depesche.pipeline import Pipeline
from depesche.read import read_article

EXAMPLES = Path(__file__).parents[1] / "examples"
COLUMNS = ("article", "words", "status", "figures", "in brief", "traced", "leading", "brief words", "flags", "seconds")


@dataclass(frozen=True)
class Measured:
    """The figures of one brief."""

    name: str
    words: int
    status: str
    figures: int
    in_brief: int
    traced: int
    leading: int
    leading_covered: int
    brief_words: int
    flags: int
    codes: tuple[str, ...]
    timings: dict[str, float]

    def row(self) -> tuple[str, ...]:
        """Return the table row."""
        return (
            self.name[-30:],
            str(self.words),
            self.status,
            str(self.figures),
            str(self.in_brief),
            f"{self.traced}/{self.in_brief}",
            f"{self.leading_covered}/{self.leading}",
            str(self.brief_words),
            str(self.flags),
            f"{sum(self.timings.values()):.1f}",
        )


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="*", type=Path)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEPESCHE_DATA"))
    parser.add_argument("--wikinews", type=int, default=0)
    parser.add_argument("--seed", action="store_true")
    parser.add_argument("--model-translate")
    parser.add_argument("--model-summarize")
    parser.add_argument("--out", type=Path, help="folder for the briefs")
    options = parser.parse_args()
    if (options.wikinews or options.seed) and options.data is None:
        sys.exit("no data: name the data folder with --data or DEPESCHE_DATA")
    config = load_config(
        translate={"model": options.model_translate} if options.model_translate else {},
        summarize={"model": options.model_summarize} if options.model_summarize else {},
    )
    articles = list(choose(options.articles, options.data, options.wikinews, seed=options.seed))
    results = []
    begin = time.perf_counter()
    with Pipeline(config) as pipeline:
        for article in articles:
            outcome = next(pipeline.run([article]))
            if isinstance(outcome, DepescheError):
                print(f"{article.origin.name}: {outcome}")
                continue
            results.append(measure(article, outcome))
            print("  ".join(results[-1].row()), file=sys.stderr, flush=True)
            if options.out:
                options.out.mkdir(exist_ok=True)
                (options.out / f"{Path(article.origin.name).name}.json").write_text(outcome.to_json(), "utf-8")
    print_table(results)
    print_totals(results, time.perf_counter() - begin)


def choose(paths: Sequence[Path], data: Path | None, wikinews: int, *, seed: bool) -> Iterator[Article]:
    """Yield the articles to brief."""
    if not paths and not wikinews and not seed:
        paths = sorted(
            p for p in EXAMPLES.iterdir() if p.suffix in {".txt", ".md", ".html", ".json"} and p.stem != "README"
        )
    yield from map(ingest_file, paths)
    if data and seed:
        yield ingest_file(data / "articles" / "seed_jassy.de.txt")
    for path in sorted((data / "articles" / "wikinews_de").glob("*.json"))[:wikinews] if data else ():
        text = json.loads(path.read_text("utf-8"))["text"]
        yield ingest_bytes(text.encode(), name=f"wikinews {path.stem}", format="text")


def measure(article: Article, brief: Brief) -> Measured:
    """Count what can be counted in a brief."""
    leading = leading_figures(read_article(article))
    used = {(figure.span.start, figure.span.end) for figure in brief.figures if figure.places}
    claims = (brief.headline, *brief.summary, *brief.key_points)
    return Measured(
        name=article.origin.name,
        words=brief.article.words,
        status=brief.status,
        figures=len(brief.figures),
        in_brief=brief.verification.figures,
        traced=brief.verification.figures_traced,
        leading=len(leading),
        leading_covered=sum((figure.span.start, figure.span.end) in used for figure, _ in leading),
        brief_words=sum(len(claim.text.split()) for claim in claims),
        flags=sum(claim.status == "flagged" for claim in claims),
        codes=tuple(code for claim in claims for code in codes_of(claim)),
        timings=dict(brief.timings),
    )


def codes_of(claim: BriefClaim) -> list[str]:
    """Return the codes for which a claim is flagged, each once."""
    if claim.status != "flagged":
        return []
    found = [attempt.findings for attempt in claim.attempts if attempt.text == claim.text]
    return sorted({finding.partition(":")[0] for finding in (found[-1] if found else ())})


def print_table(results: Sequence[Measured]) -> None:
    """Print all rows under their headings."""
    rows = [COLUMNS, *(one.row() for one in results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


def print_totals(results: Sequence[Measured], seconds: float) -> None:
    """Print sums, medians and the peak memory of this process."""
    if not results:
        return
    in_brief, traced = sum(r.in_brief for r in results), sum(r.traced for r in results)
    untraced_unflagged = sum(r.in_brief - r.traced for r in results if r.status != "flagged")
    leading, covered = sum(r.leading for r in results), sum(r.leading_covered for r in results)
    statuses = [r.status for r in results]
    print(f"\narticles {len(results)}: " + ", ".join(f"{s} {statuses.count(s)}" for s in sorted(set(statuses))))
    print(f"figures in the briefs: {in_brief}, traced {traced}, neither traced nor flagged {untraced_unflagged}")
    print(f"leading figures covered: {covered} of {leading}")
    codes = Counter(code for r in results for code in r.codes)
    print("claims flagged for: " + (", ".join(f"{code} {count}" for code, count in codes.most_common()) or "nothing"))
    print(f"compression: {statistics.median(r.brief_words / r.words for r in results):.2f} (median)")
    for stage in results[0].timings:
        print(f"{stage:>10}: {statistics.median(r.timings.get(stage, 0.0) for r in results):8.3f} s (median)")
    print(
        f"     total: {seconds:.0f} s; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    main()
