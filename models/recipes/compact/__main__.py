"""The command line of the recipe: `python -m models.recipes.compact STEP`, one step after the other (see README.md)."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import math
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from models.recipes.compact import data as corpus
from models.recipes.compact.augment import augmented, joined


def _data_folder(args: argparse.Namespace) -> Path:
    folder = args.data or os.environ.get("DEPESCHE_DATA")
    if not folder:
        raise SystemExit("No data folder: name it with --data or DEPESCHE_DATA.")
    return Path(folder)


def trim(args: argparse.Namespace) -> None:
    """Write work/trimmed."""
    from models.recipes.compact.trim import trim as cut

    size = cut(args.base, corpus.corpus_lines(_data_folder(args)), args.work / "trimmed", args.min_count)
    print(f"{size:,} tokens kept: {args.work / 'trimmed'}")


def pairs(args: argparse.Namespace) -> None:
    """Write work/data/train.jsonl, held_out.jsonl and report.json."""
    folder, target = _data_folder(args), args.work / "data"
    target.mkdir(parents=True, exist_ok=True)
    held_out = corpus.held_out(folder)
    shares = corpus.MIXES[args.mix]
    read = itertools.chain.from_iterable(corpus.read_share(folder, share, args.seed) for share in shares)
    kept, reasons = corpus.select(read, corpus.FILTERS, held_out)
    chosen = corpus.thinned(kept, args.plain, args.seed)
    rows = [*augmented(chosen, args.seed, args.figures), *joined(kept, args.seed, args.joined)]
    own, _ = corpus.select(corpus.read_own(), [corpus.length_filter], held_out)
    kept_back = [pair for pair in own if corpus.is_kept_back(pair)]
    own = [pair for pair in own if not corpus.is_kept_back(pair)]
    for time in range(args.own):
        rows += augmented(own, args.seed + time, args.figures)
    rows += [brief for brief in corpus.read_briefs(args.briefs) for _ in range(args.own)] if args.briefs else []
    corpus.write_pairs(target / "own.jsonl", kept_back)
    corpus.write_pairs(target / "train.jsonl", rows)
    corpus.write_pairs(target / "held_out.jsonl", held_out)
    changes = Counter(mark for row in rows for mark in row.origin.split("+")[1:])
    report = {"mix": args.mix, "pairs": len(rows), "own": len(own), "filters": dict(reasons), "changes": dict(changes)}
    (target / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report))


def train(args: argparse.Namespace) -> None:
    """Train in work/RUN, from its last checkpoint where there is one."""
    import torch
    from models.recipes.compact.train import Settings, Trainer, plot

    if args.threads:
        torch.set_num_threads(args.threads)
    names = Settings.__dataclass_fields__
    settings = Settings(**{name: getattr(args, name) for name in names if getattr(args, name) is not None})
    run = args.work / args.run
    trainer = Trainer(
        args.work / args.base, args.work / "data", run, settings, args.device, args.bf16, not args.no_compile
    )
    if not trainer.resume() and args.start_from:
        trainer.start_from(args.start_from)
    print(
        f"{len(trainer.rows):,} pairs, {sum(w.numel() for w in trainer.weights.values()):,} weights to train",
        flush=True,
    )
    trainer.train(args.steps, args.minutes, args.save_every, args.look_every, args.decay, args.decay_minutes)
    plot(run / "log.csv", run / "curve.svg")


def export(args: argparse.Namespace) -> None:
    """Write work/NAME.safetensors, work/NAME-merged and work/NAME (CTranslate2 int8)."""
    from models.recipes.compact import export as shipping

    paths = [args.work / args.run / name for name in args.checkpoints]
    settings, weights = shipping.averaged(paths, args.which)
    progress = shipping.read_checkpoint(paths[-1])["progress"]
    facts = {"settings": json.dumps(dataclasses.asdict(settings)), "progress": json.dumps(progress)}
    digest = shipping.save_weights(weights, args.work / f"{args.name}.safetensors", facts)
    merged, target = args.work / f"{args.name}-merged", args.work / args.name
    shipping.merge(args.work / args.base, settings, weights, merged)
    if args.smooth_from is not None:
        _smooth(merged, args.work / "data", args.smooth_from)
    shipping.convert(merged, target)
    print(f"{target}, after {progress['step']} steps; {args.name}.safetensors has sha256 {digest}")
    if args.parts:
        print(json.dumps(shipping.write_parts(target / "model.bin", args.parts), indent=2))


def _smooth(merged: Path, data: Path, first_layer: int, sentences: int = 128) -> None:
    """Smooth a merged model with the activations of the first training pairs."""
    from models.recipes.compact.batches import Encoder
    from models.recipes.compact.smooth import smooth

    some = itertools.islice(corpus.read_pairs(data / "train.jsonl"), sentences)
    smooth(merged, Encoder(merged).rows([(pair.german, pair.english) for pair in some], longest=200), first_layer)


def restore(args: argparse.Namespace) -> None:
    """Write work/restored: the weights that ship as a base to train on from."""
    from models.recipes.compact.restore import restore as multiply_out

    multiply_out(args.shipped, args.work / "trimmed", args.work / "restored")
    print(f"{args.work / 'restored'}: go on with train --base restored")


def evaluate(args: argparse.Namespace) -> None:
    """Score work/NAME on the sets, and write the translations beside the scores."""
    from models.recipes.compact import evaluate as judging

    translator = judging.CompactTranslator(args.work / args.name, args.threads)
    for name, beam in itertools.product(args.sets, args.beams):
        if name in ("held-out", "own"):
            sentences = judging.read_held_out(args.work, args.count, name.replace("-", "_"))
        else:
            sentences = judging.read_dev(_data_folder(args), name, args.count)
        scores, translations = judging.score(translator, name, sentences, beam)
        print(json.dumps(dataclasses.asdict(scores)), flush=True)
        with (args.work / f"{args.name}.scores.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(dataclasses.asdict(scores)) + "\n")
        lines = "".join(f"{translation}\n" for translation in translations)
        (args.work / f"{args.name}.{name}.beam{beam}.en").write_text(lines, encoding="utf-8")


def translate(args: argparse.Namespace) -> None:
    """Translate the lines of a file with work/NAME."""
    from models.recipes.compact.evaluate import CompactTranslator

    lines = [line for line in args.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    print("\n".join(CompactTranslator(args.work / args.name, args.threads).translate(lines, args.beam)))


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    root = argparse.ArgumentParser(prog="python -m models.recipes.compact", description=__doc__)
    root.add_argument("--work", type=Path, required=True, help="folder for everything the recipe makes")
    root.add_argument("--data", type=Path, help="the data folder (default: DEPESCHE_DATA)")
    steps = root.add_subparsers(required=True, metavar="STEP")

    step = steps.add_parser("trim", help="cut the vocabulary of the base model")
    step.add_argument("--base", type=Path, required=True, help="GGUF file or Hugging Face folder")
    step.add_argument("--min-count", type=int, default=6)
    step.set_defaults(run_step=trim)

    step = steps.add_parser("pairs", help="choose and filter the training pairs")
    step.add_argument("--mix", choices=sorted(corpus.MIXES), default="news")
    step.add_argument("--figures", type=float, default=0.5, help="copies with other figures of each pair that has some")
    step.add_argument("--plain", type=float, default=1.0, help="part of the pairs without figures that is used")
    step.add_argument(
        "--joined", type=float, default=0.0, help="part of the pairs added once more with their successor"
    )
    step.add_argument("--own", type=int, default=2, help="how many times our own sentences are in it")
    step.add_argument("--briefs", type=Path, help="articles with briefs (JSON lines), for the second task")
    step.add_argument("--seed", type=int, default=1)
    step.set_defaults(run_step=pairs)

    step = steps.add_parser("train", help="train, or go on training")
    step.add_argument("--run", default="run", help="name of the run's folder inside the work folder")
    step.add_argument("--base", default="trimmed", help="folder inside the work folder: trimmed or restored")
    step.add_argument("--start-from", type=Path, help="weights to begin with (safetensors), if the run is new")
    step.add_argument("--device", default="cpu")
    step.add_argument("--bf16", action="store_true", help="compute in bfloat16 (only where the device has it)")
    step.add_argument("--no-compile", action="store_true")
    step.add_argument("--threads", type=int)
    step.add_argument("--steps", type=float, default=math.inf)
    step.add_argument("--minutes", type=float, default=math.inf)
    step.add_argument("--save-every", type=float, default=10, metavar="MINUTES")
    step.add_argument("--look-every", type=float, default=20, metavar="MINUTES")
    step.add_argument("--decay", type=int, default=0, metavar="STEPS", help="finish: let the rate fall to zero")
    step.add_argument(
        "--decay-minutes", type=float, default=0, metavar="MINUTES", help="the same over the last of the --minutes"
    )
    step.add_argument("--full", action="store_true", default=None, help="train all weights instead of an adapter")
    for name in ("rank", "frozen-layers", "warmup", "batch-tokens", "accumulate", "longest", "seed"):
        step.add_argument(f"--{name}", type=int)
    for name in ("alpha", "rate", "weight-decay", "clip", "average", "dropout", "label-smoothing"):
        step.add_argument(f"--{name}", type=float)
    step.set_defaults(run_step=train)

    step = steps.add_parser("export", help="merge a checkpoint into the base and convert it")
    step.add_argument("--run", default="run")
    step.add_argument("--checkpoints", nargs="+", default=["checkpoint.pt"], help="several are averaged")
    step.add_argument("--which", choices=("weights", "average"), default="average")
    step.add_argument("--name", default="compact-de-en")
    step.add_argument("--base", default="trimmed", help="what the run was trained on")
    step.add_argument(
        "--smooth-from", type=int, metavar="LAYER", help="make this layer and those above easier to round"
    )
    step.add_argument("--parts", type=Path, help="also cut model.bin into parts in this folder")
    step.set_defaults(run_step=export)

    step = steps.add_parser("restore", help="make a base to train on from of the weights that ship")
    step.add_argument(
        "--shipped", type=Path, required=True, help="folder of the installed model: model.bin in one piece"
    )
    step.set_defaults(run_step=restore)

    step = steps.add_parser("evaluate", help="score a converted model")
    step.add_argument("--name", default="compact-de-en")
    step.add_argument("--sets", nargs="+", default=["held-out"], help="held-out, own, newstest2019, newstest2020")
    step.add_argument("--count", type=int, help="only the first sentences of each set")
    step.add_argument("--beams", nargs="+", type=int, default=[1, 4])
    step.add_argument("--threads", type=int, default=2)
    step.set_defaults(run_step=evaluate)

    step = steps.add_parser("translate", help="translate a file, one sentence a line")
    step.add_argument("file", type=Path)
    step.add_argument("--name", default="compact-de-en")
    step.add_argument("--beam", type=int, default=4)
    step.add_argument("--threads", type=int, default=2)
    step.set_defaults(run_step=translate)
    return root


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one step of the recipe."""
    args = parser().parse_args(arguments)
    args.run_step(args)


if __name__ == "__main__":
    main()
