"""The training loop: batches in, checkpoints out; it may be stopped at any moment and goes on where it was.

A checkpoint holds the trained weights, their running average, the optimizer, the position in the data and the
random state, and replaces its predecessor in one step: a run that is killed loses at most the minutes since the
last one. SIGTERM and SIGINT end the run after the step in hand, with a checkpoint. The learning rate rises, then
stays: only a `decay` run lets it fall to zero, into a checkpoint of its own, so that the long run can go on.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import math
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from models.recipes.compact import model as network
from models.recipes.compact.batches import BRIEF_CUE, CUE, Batch, Encoder, Row, grouped, one_pass
from models.recipes.compact.data import BRIEF, read_pairs
from safetensors.torch import load_file
from torch import Tensor

LOG_FIELDS = (
    "time",
    "step",
    "pass",
    "pairs",
    "tokens",
    "loss",
    "held_out_loss",
    "average_loss",
    "rate",
    "tokens_per_s",
)

TELL_EVERY_S = 60


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made of; a checkpoint repeats it."""

    full: bool = False
    rank: int = 64
    alpha: float = 64.0
    frozen_layers: int = 6
    rate: float = 5e-4
    warmup: int = 30
    batch_tokens: int = 2_000
    accumulate: int = 1
    longest: int = 200
    weight_decay: float = 0.0
    clip: float = 1.0
    average: float = 0.995
    dropout: float = 0.0
    label_smoothing: float = 0.0
    seed: int = 1


@dataclass
class Progress:
    """Where a run stands: the position in the data is (`number`, `group`), the pass and the next group in it."""

    step: int = 0
    number: int = 0
    group: int = 0
    pairs: int = 0
    tokens: int = 0


class Trainer:
    """One run in the folder `run`, on the trimmed model in `base`."""

    def __init__(self, base: Path, data: Path, run: Path, settings: Settings, device: str, bf16: bool, compiled: bool):
        self.run, self.settings, self.device = run, settings, torch.device(device)
        run.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(settings.seed)
        self.encoder = Encoder(base)
        # For short rows on a CPU plain matrix products, compiled, go back faster than the blockwise kernel.
        self.model = network.load(base, "eager" if device == "cpu" else None)
        if settings.full:
            network.unfreeze(self.model, settings.frozen_layers)
        else:
            network.add_adapters(self.model, settings.rank, settings.alpha, settings.frozen_layers)
        if bf16:
            network.lower_frozen(self.model)
        if settings.dropout:
            network.add_dropout(self.model, settings.dropout)
        self.model.to(self.device)
        self.weights = network.trainable(self.model)
        self.average = {name: weight.detach().clone() for name, weight in self.weights.items()}
        if compiled:  # layer by layer: equal layers share what was compiled, which takes seconds, not minutes
            for layer in self.model.model.layers:
                layer.compile(dynamic=True)
        self.bf16 = bf16
        self.optimizer = torch.optim.AdamW(
            self.weights.values(), lr=settings.rate, betas=(0.9, 0.95), weight_decay=settings.weight_decay, fused=True
        )
        self.progress = Progress()
        self.rows = self._rows(data / "train.jsonl", settings.longest)
        self.held_out = self._rows(data / "held_out.jsonl", settings.longest)
        self.data_digest = hashlib.sha256((data / "train.jsonl").read_bytes()).hexdigest()
        self.stopping = False

    def _rows(self, path: Path, longest: int) -> list[Row]:
        pairs: dict[str, list[tuple[str, str]]] = {CUE: [], BRIEF_CUE: []}
        for pair in read_pairs(path):
            pairs[BRIEF_CUE if pair.origin.startswith(BRIEF) else CUE].append((pair.german, pair.english))
        return [row for cue, texts in pairs.items() for row in self.encoder.rows(texts, longest, cue)]

    # -- checkpoints ---------------------------------------------------------------------------------------------

    def save(self, name: str = "checkpoint.pt") -> None:
        """Write the state of the run, replacing the last checkpoint in one step and keeping it as `previous-…`."""
        state = {
            "settings": asdict(self.settings),
            "progress": asdict(self.progress),
            "data": self.data_digest,
            "weights": {key: value.detach() for key, value in self.weights.items()},
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }
        path = self.run / name
        fresh = path.with_suffix(".new")
        torch.save(state, fresh)
        if path.exists():
            path.replace(path.with_name(f"previous-{name}"))
        fresh.replace(path)

    def resume(self, name: str = "checkpoint.pt") -> bool:
        """Go on from the last checkpoint of this run, if there is one."""
        path = self.run / name
        if not path.exists():
            return False
        state = torch.load(path, map_location="cpu", weights_only=True)
        self._copy(state["weights"], self.weights)
        self._copy(state["average"], self.average)
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        self.progress = Progress(**state["progress"])
        if state["data"] != self.data_digest:
            print("The training data have changed since the checkpoint: a new pass begins.")
            self.progress.number, self.progress.group = self.progress.number + 1, 0
        return True

    def start_from(self, weights: Path) -> None:
        """Begin with the weights of an exported adapter or model instead of the bare base."""
        tensors = load_file(weights)
        self._copy(tensors, self.weights)
        self._copy(tensors, self.average)

    @staticmethod
    @torch.no_grad()
    def _copy(source: dict[str, Tensor], target: dict[str, Any]) -> None:
        if source.keys() != target.keys():
            raise ValueError("the weights do not fit these settings: other rank, layers or --full?")
        for name, tensor in source.items():
            target[name].copy_(tensor)

    # -- the loop ------------------------------------------------------------------------------------------------

    def groups(self) -> Iterator[list[Row]]:
        """Yield groups of rows from the position on, pass after pass, and move the position along."""
        settings, progress = self.settings, self.progress
        while True:
            groups = one_pass(self.rows, settings.batch_tokens, settings.seed, progress.number)
            for index, group in enumerate(groups):
                if index < progress.group:
                    continue
                progress.group += 1
                yield group
            progress.number, progress.group = progress.number + 1, 0

    def _loss(self, batch: Batch, smoothing: float = 0.0) -> Tensor:
        lower = torch.autocast(self.device.type, torch.bfloat16) if self.bf16 else contextlib.nullcontext()
        with lower:
            return network.english_loss(self.model, batch.ids.to(self.device), batch.wanted.to(self.device), smoothing)

    def step(self, groups: Iterator[list[Row]], rate: float) -> float:
        """Take one optimizer step at the learning rate `rate`; return the mean loss of its batches."""
        total = 0.0
        self.model.train()
        for _ in range(self.settings.accumulate):
            rows = next(groups)
            batch = self.encoder.batch(rows)
            loss = self._loss(batch, self.settings.label_smoothing) / self.settings.accumulate
            loss.backward()
            total += loss.item()
            self.progress.pairs += len(rows)
            self.progress.tokens += batch.tokens
        torch.nn.utils.clip_grad_norm_(self.weights.values(), self.settings.clip)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.progress.step += 1
        self._follow()
        return total

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the running average; it follows fast at first."""
        step = self.progress.step
        keep = min(self.settings.average, (1 + step) / (10 + step))
        for name, weight in self.weights.items():
            self.average[name].lerp_(weight.detach(), 1 - keep)

    @torch.no_grad()
    def held_out_loss(self, averaged: bool) -> float:
        """Return the mean loss of an English token of the held-out sentences, by the average weights if so wished."""
        now = {name: weight.detach().clone() for name, weight in self.weights.items()} if averaged else {}
        if averaged:
            self._copy(self.average, self.weights)
        total, count = 0.0, 0
        self.model.eval()
        for rows in grouped(sorted(self.held_out, key=lambda row: len(row.ids)), self.settings.batch_tokens):
            batch = self.encoder.batch(rows)
            wanted = int(batch.wanted.sum())
            total += self._loss(batch).item() * wanted
            count += wanted
        if averaged:
            self._copy(now, self.weights)
        return total / count

    def rate(self, left: float = 1.0) -> float:
        """Return the learning rate of the next step: warm-up, then constant, or the part `left` of it in a decay."""
        return self.settings.rate * min(1.0, (self.progress.step + 1) / self.settings.warmup) * max(0.0, min(1.0, left))

    @contextlib.contextmanager
    def _ending_on_signals(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT end the run after the step in hand, as long as it goes on."""

        def stop(*_: object) -> None:
            self.stopping = True

        former = {name: signal.signal(name, stop) for name in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for name, handler in former.items():
                signal.signal(name, handler)

    def train(
        self,
        steps: float,
        minutes: float,
        save_every: float,
        look_every: float,
        decay_steps: int = 0,
        decay_minutes: float = 0,
    ) -> None:
        """Train until `steps` more steps or `minutes` are over, saving and looking at the held-out sentences between.

        With `decay_steps` the rate falls to zero in that many steps, with `decay_minutes` over the last of the
        `minutes`, and the result goes to `decayed.pt`.
        """
        target = "decayed.pt" if decay_steps or decay_minutes else "checkpoint.pt"
        last = self.progress.step + (decay_steps or steps)
        end = time.monotonic() + minutes * 60

        def left() -> float:
            """Return the part of the rate that a decay has left."""
            by_steps = (last - self.progress.step) / decay_steps if decay_steps else 1.0
            by_time = (end - time.monotonic()) / (decay_minutes * 60) if decay_minutes else 1.0
            return min(by_steps, by_time)

        telling, saving, looking = Every(TELL_EVERY_S), Every(save_every * 60), Every(look_every * 60)
        groups, window = self.groups(), Window()
        with self._ending_on_signals():
            while self.progress.step < last and not self.stopping and time.monotonic() < end:
                rate = self.rate(left())
                before = self.progress.tokens
                window.add(self.step(groups, rate), self.progress.tokens - before)
                if telling.due():
                    to_go = min((last - self.progress.step) * window.seconds_per_step, end - time.monotonic())
                    print(self._line(window, rate, to_go), flush=True)
                if saving.due():
                    self.save(target)
                if looking.due():
                    self.look(window, rate)
            self.save(target)
            if not self.stopping:
                self.look(window, self.rate(left()))

    def _line(self, window: Window, rate: float, seconds_left: float) -> str:
        progress = self.progress
        return (
            f"step {progress.step}  pass {progress.number}  {progress.pairs:,} pairs  {progress.tokens:,} tokens  "
            f"loss {window.loss:.3f}  rate {rate:.1e}  {window.tokens_per_s:.0f} tokens/s"
            + (f"  {seconds_left / 60:.0f} min left" if seconds_left < math.inf else "")
        )

    def look(self, window: Window, rate: float) -> None:
        """Measure the held-out loss, and add a line to the log and to the picture."""
        progress, path = self.progress, self.run / "log.csv"
        losses = self.held_out_loss(averaged=False), self.held_out_loss(averaged=True)
        print(
            f"step {progress.step}  held-out loss {losses[0]:.4f}, of the average weights {losses[1]:.4f}", flush=True
        )
        new = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as log:
            writer = csv.writer(log)
            if new:
                writer.writerow(LOG_FIELDS)
            writer.writerow(
                (
                    int(time.time()),
                    progress.step,
                    progress.number,
                    progress.pairs,
                    progress.tokens,
                    *(round(loss, 4) for loss in (window.loss, *losses)),
                    f"{rate:.3g}",
                    round(window.tokens_per_s),
                )
            )
        window.forget()


class Every:
    """Tells when a span of time has passed since the last time it told so."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._last = seconds, time.monotonic()

    def due(self) -> bool:
        """Say whether it is time again."""
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


class Window:
    """Means since the last look at the held-out sentences; a step that was held up (a paused process) is left out."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._losses: list[float] = []
        self._paces: list[tuple[float, int]] = []
        self._last = time.monotonic()

    def add(self, loss: float, tokens: int) -> None:
        """Count one step."""
        now = time.monotonic()
        self._losses.append(loss)
        self._paces.append((now - self._last, tokens))
        self._last = now

    @property
    def loss(self) -> float:
        """Mean training loss."""
        return sum(self._losses) / len(self._losses) if self._losses else float("nan")

    @property
    def seconds_per_step(self) -> float:
        """Median duration of a step."""
        return sorted(seconds for seconds, _ in self._paces)[len(self._paces) // 2] if self._paces else 0.0

    @property
    def tokens_per_s(self) -> float:
        """Median pace."""
        return sorted(t / s for s, t in self._paces if s)[len(self._paces) // 2] if self._paces else 0.0


def plot(log: Path, picture: Path) -> None:
    """Draw the learning curve of `log` as an SVG or PNG file; does nothing without a log or without matplotlib."""
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        return
    if not log.is_file():  # stopped before the first look
        return
    with log.open(encoding="utf-8") as lines:
        rows: Sequence[dict[str, str]] = list(csv.DictReader(lines))
    millions = [int(row["tokens"]) / 1e6 for row in rows]
    figure, axes = plt.subplots(figsize=(7, 4))
    for field, label in (
        ("loss", "training"),
        ("held_out_loss", "held out"),
        ("average_loss", "held out, average weights"),
    ):
        axes.plot(millions, [float(row[field]) for row in rows], marker="o", label=label)
    axes.set(xlabel="million tokens", ylabel="loss of an English token")
    axes.legend()
    figure.tight_layout()
    figure.savefig(picture)
    plt.close(figure)
