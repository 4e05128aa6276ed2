"""The command line: `depesche brief`, `depesche batch`, the stages on their own, and what there is to know here.

Exit codes: 0 done; 1 a bug; 2 wrong usage; 3 the input is no article that we can brief (D1xx, D2xx); 4 a model
cannot be had or run (D3xx); 5 a setting is wrong (D4xx); 6 `--strict` and the brief has a flag (D5xx); 7 the result
cannot be written (D6xx); 130 interrupted. A folder job ends with 0 all done, 8 done with failures, 9 stopped early or
not begun (D7xx). 10 the service cannot start (D8xx); 11 the database cannot be used (D9xx); 12 a URL or feed cannot be
fetched (DAxx).
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from depesche.article import Article, ArticleFormat
from depesche.cli_batch import batch_app
from depesche.cli_feeds import feeds_app
from depesche.cli_keys import keys_app
from depesche.cli_models import models_app
from depesche.cli_serve import serve
from depesche.cli_store import store_app
from depesche.config import Config, config_path, load_config
from depesche.engines.pauses import pausing
from depesche.errors import DepescheError, VerificationFailed
from depesche.ingest import ingest_file, ingest_stdin
from depesche.output import write_output

OutputFormat = Literal["text", "md", "html", "json"]
_SUFFIXES: dict[str, OutputFormat] = {".json": "json", ".md": "md", ".html": "html", ".htm": "html", ".txt": "text"}
_EXIT_CODES = {"D1": 3, "D2": 3, "D3": 4, "D4": 5, "D5": 6, "D6": 7, "D7": 9, "D8": 10, "D9": 11, "DA": 12}
_STAGES = {
    "read": "Reading",
    "load": "Loading the models",
    "translate": "Translating",
    "summarize": "Writing the brief",
    "verify": "Verifying",
}

app = typer.Typer(
    name="depesche",
    help="German news articles in, verified English briefs out: no figure and no quotation changes on the way.",
    epilog="Exit codes: 0 done, 2 usage, 3 input, 4 model, 5 setting, 6 flagged under --strict, 7 output, "
    "8 folder job done with failures, 9 folder job stopped early, 10 service, 11 database, 12 fetching.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(batch_app, name="batch")
app.add_typer(models_app, name="models")
app.command()(serve)
app.add_typer(keys_app, name="keys")
app.add_typer(store_app, name="store")
app.add_typer(feeds_app, name="feeds")

FileArgument = Annotated[str, typer.Argument(metavar="FILE|-", help="An article, or - for standard input.")]
FromOption = Annotated[
    ArticleFormat | None,
    typer.Option("--from", help="Format of the input; default: by file ending, else by content."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines on standard output.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens, on standard error.")]
TranslateOption = Annotated[
    str | None, typer.Option("--model-translate", help="Translation model; depesche models list shows all.")
]


@app.command()
def brief(
    file: FileArgument,
    format: Annotated[  # noqa: A002 - the flag's name
        OutputFormat | None, typer.Option("--format", help="Default: by the ending of --out, else text.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; default: standard output.")] = None,
    model_translate: TranslateOption = None,
    model_summarize: Annotated[
        str | None, typer.Option("--model-summarize", help="Summarizer model, or `extractive` for none.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write the brief, and exit with 6 if it is flagged.")
    ] = False,
    input_format: FromOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Write the English brief of one German article."""
    from depesche.pipeline import Pipeline
    from depesche.render import render

    config = _config(model_translate, model_summarize)
    article = _article(file, input_format, config)
    with _stages(verbose=verbose) as listener, Pipeline(config, listener=listener) as pipeline:
        document = pipeline.brief(article)
    chosen = format or (_SUFFIXES.get(out.suffix.lower()) if out else None) or "text"
    write_output(render(document, chosen), out)
    if strict and document.status == "flagged":
        flags = "; ".join(f"{w.code} in {w.place}" for w in document.warnings if not w.place.startswith("sentence"))
        raise VerificationFailed(f"the brief is flagged: {flags}", place=file, remedy="read its warnings")


@app.command()
def translate(
    file: FileArgument,
    model_translate: TranslateOption = None,
    as_json: JsonOption = False,
    input_format: FromOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Translate one article, sentence by sentence, checked and mended but not summarized."""
    from depesche.pipeline import Pipeline

    config = _config(model_translate, "extractive")
    article = _article(file, input_format, config)
    with _stages(verbose=verbose) as listener, Pipeline(config, listener=listener) as pipeline:
        translation = next(pipeline.translations([article]))
    if isinstance(translation, DepescheError):
        raise translation
    if as_json:
        _print_lines(
            {
                "index": one.sentence.index,
                "span": [one.sentence.span.start, one.sentence.span.end],
                "german": one.sentence.text,
                "english": one.text,
                "status": one.status,
                "findings": [f"{finding.code}: {finding.detail}" for finding in one.findings],
            }
            for one in translation.sentences
        )
        return
    paragraphs: dict[int, list[str]] = {}
    for one in translation.sentences:
        paragraphs.setdefault(one.sentence.paragraph, []).append(one.text)
    write_output("\n\n".join(" ".join(sentences) for sentences in paragraphs.values()) + "\n", None)
    for one in translation.sentences:
        for finding in one.findings:
            _errors().print(f"sentence {one.sentence.index}: {finding.code}: {finding.detail}", markup=False)


@app.command()
def figures(file: FileArgument, as_json: JsonOption = False, input_format: FromOption = None) -> None:
    """List every figure of a text with value, unit, modifier and place. No model is needed."""
    from depesche.read import read_article

    source = read_article(_short_text(file, input_format))
    if as_json:
        _print_lines(_figure_record(asdict(figure)) for figure in source.figures)
        return
    table = Table("Figure", "Kind", "Value", "Unit", "Modifier", "Characters", box=None, header_style="bold")
    for figure in source.figures:
        record = _figure_record(asdict(figure))
        number = record["value"] or record["quality"] or f"{record['low']} – {record['high']}"
        span = f"{figure.span.start}–{figure.span.end}"
        modifier = (figure.modifier or "").replace("_", " ")
        table.add_row(*map(escape, (figure.text, figure.kind, number, figure.unit or "", modifier, span)))
    _print_table(table, f"{len(source.figures)} figures")


@app.command()
def quotes(file: FileArgument, as_json: JsonOption = False, input_format: FromOption = None) -> None:
    """List every quotation of a text with its speaker, cue and place. No model is needed."""
    from depesche.read import read_article

    source = read_article(_short_text(file, input_format))
    if as_json:
        _print_lines(asdict(quotation) for quotation in source.quotations)
        return
    table = Table("Kind", "Speaker", "Cue", "Quotation", "Characters", box=None, header_style="bold")
    for quotation in source.quotations:
        span = f"{quotation.span.start}–{quotation.span.end}"
        speaker = quotation.speaker or ""
        if quotation.resolved_speaker and quotation.resolved_speaker != quotation.speaker:
            speaker = f"{speaker} ({quotation.resolved_speaker})".strip()
        table.add_row(*map(escape, (quotation.kind, speaker, quotation.cue or "", quotation.text, span)))
    _print_table(table, f"{len(source.quotations)} quotations")


@app.command()
def detect(file: FileArgument, as_json: JsonOption = False, input_format: FromOption = None) -> None:
    """Tell the language of a text and of each paragraph. No model is needed."""
    from depesche.read import read_article

    source = read_article(_short_text(file, input_format))
    record = {
        "language": source.detection.language,
        "confidence": round(source.detection.confidence, 4),
        "paragraphs": [
            {
                "span": [p.span.start, p.span.end],
                "language": p.detection.language,
                "confidence": round(p.detection.confidence, 4),
            }
            for p in source.paragraphs
        ],
    }
    if as_json:
        _print_lines([record])
        return
    write_output(f"{record['language']} ({source.detection.confidence:.2f})\n", None)


@app.command()
def schema(
    document: Annotated[Literal["brief", "article"], typer.Argument(help="What to describe.")] = "brief",
) -> None:
    """Print the JSON Schema of a brief, or of an article given as JSON."""
    from depesche.brief import brief_schema
    from depesche.ingest.record import ArticleRecord

    described = brief_schema() if document == "brief" else ArticleRecord.model_json_schema()
    write_output(json.dumps(described, indent=2, ensure_ascii=False) + "\n", None)


@app.command()
def config(as_json: JsonOption = False) -> None:
    """Show every setting with its value and meaning, and where settings come from."""
    settings = load_config()
    if as_json:
        _print_lines([settings.model_dump(mode="json")])
        return
    table = Table("Setting", "Value", "Meaning", box=None, header_style="bold")
    for section_name in Config.model_fields:
        section = getattr(settings, section_name)
        for name, field in type(section).model_fields.items():
            table.add_row(f"{section_name}.{name}", json.dumps(_plain(getattr(section, name))), field.description)
    _print_table(table, f"File: {config_path() or 'none'}. Models: {settings.models_directory}")


@app.command()
def version() -> None:
    """Print the version."""
    write_output(f"depesche {installed_version('depesche')}\n", None)


def main() -> None:
    """Run the command line; the entry point of the `depesche` command."""
    try:
        app(standalone_mode=True)
    except DepescheError as error:
        _errors().print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(_EXIT_CODES.get(error.code[:2], 1))
    except KeyboardInterrupt:
        _errors().print("interrupted", style="red")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away; a second failure at interpreter exit would only be noise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _config(model_translate: str | None, model_summarize: str | None) -> Config:
    return load_config(
        translate={"model": model_translate} if model_translate else {},
        summarize={"model": model_summarize} if model_summarize else {},
    )


def _article(file: str, input_format: ArticleFormat | None, settings: Config) -> Article:
    if file == "-":
        return ingest_stdin(format=input_format, config=settings.ingest)
    return ingest_file(file, format=input_format, config=settings.ingest)


def _short_text(file: str, input_format: ArticleFormat | None) -> Article:
    """Return any text as an article: what only looks for figures or quotations may be one sentence."""
    settings = load_config()
    ingest = settings.ingest.model_copy(update={"min_words": 1})
    return _article(file, input_format, settings.model_copy(update={"ingest": ingest}))


@contextmanager
def _stages(*, verbose: bool) -> Iterator[Any]:
    """Show on standard error which stage runs; yield the pipeline's listener."""
    if verbose:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    console = _errors()
    if not console.is_terminal:
        yield (lambda stage, _: logging.getLogger("depesche").info(_STAGES[stage]))
        return
    with console.status("Reading…") as status:
        now = ""

        def show(stage: str, _: int) -> None:
            nonlocal now
            now = f"{_STAGES[stage]}…"
            if stage == "load":  # a first run downloads here and shows its own bar
                status.stop()
            else:
                status.update(now)
                status.start()

        def show_share(done: int, total: int) -> None:
            if total > 1:
                status.update(f"{now} {done} of {total}")

        with pausing(show_share):
            yield show


def _errors() -> Console:
    return Console(stderr=True)


def _print_table(table: Table, caption: str) -> None:
    console = Console()
    console.print(table)
    console.print(caption, style="dim", markup=False, highlight=False)


def _print_lines(records: Any) -> None:
    for record in records:
        sys.stdout.write(json.dumps(_plain(record), ensure_ascii=False) + "\n")


def _figure_record(record: dict[str, Any]) -> dict[str, Any]:
    """Return a figure's fields with exact decimals as strings."""
    return {
        name: format(value.normalize(), "f") if name in {"value", "low", "high"} and value is not None else value
        for name, value in record.items()
    }


def _plain(value: Any) -> Any:
    """Return `value` as JSON has it."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


if __name__ == "__main__":
    main()
