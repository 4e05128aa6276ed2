"""The whole recipe on a tiny random model: trim, pairs, train, stop and go on, finish, export, evaluate, translate."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the recipe trains with torch, which is not installed")
pytest.importorskip("transformers", reason="the recipe reads its base with transformers, which is not installed")
pytest.importorskip("sacrebleu", reason="the recipe scores with sacrebleu, which is not installed")

import torch
from models.recipes.compact.__main__ import main
from models.recipes.compact.batches import Encoder, Row
from models.recipes.compact.data import HELD_OUT, is_kept_back, read_briefs, read_own, write_pairs
from models.recipes.compact.export import convert, write_parts
from models.recipes.compact.model import english_loss, fuse_norms, load
from models.recipes.compact.restore import read_variables, restore
from models.recipes.compact.smooth import measure, smooth
from models.recipes.compact.train import Settings, Trainer
from models.recipes.compact.trim import steps_to
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import Gemma3ForCausalLM, Gemma3TextConfig, PreTrainedTokenizerFast

pytestmark = pytest.mark.filterwarnings("default")

UNKNOWN = "<unk>"
PAIRS = [
    (f"Der Verein {name} zählt {number} Mitglieder.", f"The {name} club has {number} members.")
    for number, name in enumerate(
        ["Alster", "Elbe", "Havel", "Isar", "Lahn", "Main", "Neckar", "Oder", "Rhein", "Saale", "Spree", "Weser"], 30
    )
]


def write_base(folder: Path) -> None:
    """Write a random Gemma with two layers and a tokenizer in Gemma's manner, with tokens that nobody uses."""
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN, byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    special = ["<pad>", "<eos>", "<bos>", "<unk>", *(f"<0x{byte:02X}>" for byte in range(256))]
    text = [side for pair in PAIRS for side in pair] + ["\nEnglish:", "Zwölf Boxkämpfer jagen Viktor quer"] * 5
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(text, trainer)
    torch.manual_seed(0)
    config = Gemma3TextConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        query_pre_attn_scalar=16,
        layer_types=["sliding_attention", "full_attention"],
        max_position_embeddings=512,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
    )
    Gemma3ForCausalLM(config).save_pretrained(folder)
    names = {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)


def write_data(folder: Path) -> None:
    """Write a data folder with a dozen training pairs and a few held-out ones at their places."""
    (folder / "mt" / "train").mkdir(parents=True)
    lines = [""] * (HELD_OUT.first + 3)
    lines[HELD_OUT.first - len(PAIRS) :] = ["\t".join(pair) for pair in [*PAIRS, *PAIRS[:3]]]
    lines[HELD_OUT.first :] = [f"{line[:-1]} heute.\tToday." for line in ("Regen ", "Schnee ", "Wind ")]
    for name, content in (("wmt_news", lines), ("debian_news", [])):
        with gzip.open(folder / "mt" / "train" / f"{name}.de-en.tsv.gz", "wt", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in content)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a work folder after trim and pairs."""
    root = tmp_path_factory.mktemp("recipe")
    write_base(root / "base")
    write_data(root / "data")
    begin = ["--work", str(root / "work"), "--data", str(root / "data")]
    main([*begin, "trim", "--base", str(root / "base"), "--min-count", "1"])
    main([*begin, "pairs"])
    return root / "work"


def train(work: Path, *options: str) -> None:
    main(["--work", str(work), "train", "--no-compile", "--batch-tokens", "96", "--frozen-layers", "0", *options])


def weights(work: Path, run: str, name: str = "checkpoint.pt") -> dict[str, torch.Tensor]:
    state: dict[str, dict[str, torch.Tensor]] = torch.load(work / run / name, weights_only=True)
    return state["weights"]


def test_merging_passes_through_every_piece_of_a_token() -> None:
    ranks = {("a", "b"): 0, ("ab", "c"): 1}
    assert list(steps_to("abc", ranks)) == ["a", "b", "c", "ab", "abc"]


def test_the_trimmed_vocabulary_still_spells_every_sentence(work: Path) -> None:
    tokenizer = Tokenizer.from_file(str(work / "trimmed" / "tokenizer.json"))
    sentence = f"{PAIRS[0][0]} Ŵ日"
    assert tokenizer.decode(tokenizer.encode(sentence).ids) == sentence
    assert tokenizer.token_to_id("▁Boxkämpfer") is None


def test_a_run_that_was_stopped_goes_on_exactly_where_it_was(work: Path) -> None:
    train(work, "--run", "whole", "--steps", "6")
    train(work, "--run", "halves", "--steps", "3")
    train(work, "--run", "halves", "--steps", "3")
    whole, halves = weights(work, "whole"), weights(work, "halves")
    assert all(torch.equal(whole[name], halves[name]) for name in whole)
    log = csv.DictReader((work / "halves" / "log.csv").read_text(encoding="utf-8").splitlines())
    assert [row["step"] for row in log] == ["3", "6"]


FULL = ("--full", "--bf16", "--rate", "5e-5", "--dropout", "0.1", "--label-smoothing", "0.1")


@pytest.mark.parametrize("options", [(), FULL], ids=["adapter", "full"])
def test_a_run_is_finished_exported_scored_and_translates(
    work: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    run = "full" if options else "adapter"
    train(work, "--run", run, "--steps", "8", "--warmup", "2", *options)
    train(work, "--run", run, "--decay", "4", *options)
    state = torch.load(work / run / "decayed.pt", weights_only=True)
    assert state["progress"]["step"] == 12
    begin = ["--work", str(work)]
    main([*begin, "export", "--run", run, "--checkpoints", "decayed.pt", "checkpoint.pt", "--name", f"{run}-model"])
    main([*begin, "evaluate", "--name", f"{run}-model", "--beams", "1", "2"])
    scores = [json.loads(line) for line in (work / f"{run}-model.scores.jsonl").read_text().splitlines()]
    assert [(score["beam"], score["sentences"]) for score in scores] == [(1, 3), (2, 3)]
    (work / "two.txt").write_text("Der Verein Elbe zählt 31 Mitglieder.\n\nEs regnet.\n", encoding="utf-8")
    capsys.readouterr()
    main([*begin, "translate", str(work / "two.txt"), "--name", f"{run}-model"])
    assert len(capsys.readouterr().out.rstrip("\n").split("\n")) >= 1


def test_a_decay_may_be_given_in_minutes(work: Path) -> None:
    train(
        work, "--run", "minutes", "--minutes", "0.05", "--decay-minutes", "0.05", "--warmup", "1", "--look-every", "0"
    )
    log = list(csv.DictReader((work / "minutes" / "log.csv").read_text(encoding="utf-8").splitlines()))
    rates = [float(row["rate"]) for row in log]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < rates[0] / 4
    assert (work / "minutes" / "decayed.pt").exists()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_loss_and_its_gradient_are_those_of_torch(work: Path, smoothing: float) -> None:
    model = load(work / "trimmed").requires_grad_(requires_grad=True)
    batch = Encoder(work / "trimmed").batch(Encoder(work / "trimmed").rows(PAIRS, 200))
    norm, head = model.model.norm.weight, model.lm_head.weight.detach()
    (ours,) = torch.autograd.grad(english_loss(model, batch.ids, batch.wanted, smoothing), norm)
    hidden = model.model(input_ids=batch.ids, use_cache=False).last_hidden_state
    before = batch.wanted[:, 1:]
    loss = torch.nn.functional.cross_entropy(
        hidden[:, :-1][before] @ head.T, batch.ids[:, 1:][before], label_smoothing=smoothing
    )
    (theirs,) = torch.autograd.grad(loss, norm)
    assert torch.allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_fused_norms_compute_the_same(work: Path) -> None:
    model, encoder = load(work / "trimmed"), Encoder(work / "trimmed")
    ids = encoder.batch(encoder.rows(PAIRS, 200)).ids
    with torch.no_grad():
        before = model(ids).logits
        fuse_norms(model)
        assert torch.allclose(model(ids).logits, before, rtol=1e-4, atol=1e-5)


def test_briefs_are_a_second_task_with_a_cue_of_its_own(work: Path, tmp_path: Path) -> None:
    brief = {
        "text": "The club\n\nhas 31 members.",
        "headline": "Club grows",
        "summary": "31 now.",
        "points": ["One.", "Two."],
    }
    (tmp_path / "briefs.jsonl").write_text(json.dumps(brief) + "\n", encoding="utf-8")
    (pair,) = read_briefs(tmp_path / "briefs.jsonl")
    assert pair.german == "The club has 31 members."
    assert pair.english == "Club grows\n31 now.\nOne.\nTwo."
    data = tmp_path / "work" / "data"
    shutil.copytree(work / "trimmed", tmp_path / "work" / "trimmed")
    data.mkdir()
    write_pairs(data / "train.jsonl", [pair])
    write_pairs(data / "held_out.jsonl", [pair])
    settings = Settings(batch_tokens=400, longest=400, frozen_layers=0)
    trainer = Trainer(
        tmp_path / "work" / "trimmed", data, tmp_path / "run", settings, "cpu", bf16=False, compiled=False
    )
    (row,) = trainer.rows
    text = trainer.encoder.tokenizer.decode(list(row.ids[: row.prompt]))
    assert text.endswith("\nBrief:")


def test_the_same_fiftieth_of_our_own_sentences_is_always_kept_back() -> None:
    back = [pair for pair in read_own() if is_kept_back(pair)]
    assert 0.015 < len(back) / sum(1 for _ in read_own()) < 0.025


def test_exported_weights_can_be_gone_on_from(work: Path) -> None:
    train(work, "--run", "first", "--steps", "3")
    main(["--work", str(work), "export", "--run", "first", "--which", "weights", "--name", "first-model"])
    train(work, "--run", "second", "--steps", "0", "--start-from", str(work / "first-model.safetensors"))
    first, second = weights(work, "first"), weights(work, "second")
    assert all(torch.allclose(first[name], second[name], rtol=1e-2) for name in first)


def logits(folder: Path, rows: Sequence[Row]) -> torch.Tensor:
    with torch.no_grad():
        return load(folder)(Encoder(folder).batch(rows).ids).logits


def test_smoothing_changes_what_is_rounded_and_not_what_is_computed(work: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(work / "trimmed", folder)
    model = load(folder)
    torch.manual_seed(1)
    with torch.no_grad():  # one channel of the MLP's input far beyond the others, as in the real model
        for layer in model.model.layers:
            layer.pre_feedforward_layernorm.weight[3] = 40.0
    model.save_pretrained(folder)
    encoder = Encoder(folder)
    rows = encoder.rows(PAIRS, 200)
    before, peaks = logits(folder, rows), measure(load(folder), encoder, rows, first_layer=1)
    smooth(folder, rows, first_layer=1)
    smoothed = measure(load(folder), encoder, rows, first_layer=1)
    assert torch.allclose(logits(folder, rows), before, rtol=1e-3, atol=1e-4)
    assert smoothed[0]["gate_proj"].max() < peaks[0]["gate_proj"].max() / 2
    old, new = dict(model.named_parameters()), dict(load(folder).named_parameters())
    changed = {name.split(".")[2] for name in old if not torch.equal(old[name], new[name])}
    assert changed == {"1"}


def test_what_ships_can_be_restored_and_trained_on(work: Path, tmp_path: Path) -> None:
    train(work, "--run", "shipped", "--steps", "3")
    begin = ["--work", str(work)]
    main([*begin, "export", "--run", "shipped", "--name", "shipped-model", "--smooth-from", "1"])
    main([*begin, "restore", "--shipped", str(work / "shipped-model")])
    merged, restored = load(work / "shipped-model-merged").state_dict(), load(work / "restored").state_dict()
    for name, weight in merged.items():
        coarse = weight.abs().amax(-1, keepdim=True) / 127 if weight.ndim == 2 else torch.tensor(0.0)
        assert ((restored[name] - weight).abs() <= 0.51 * coarse + 1e-6).all(), name
    convert(work / "restored", tmp_path / "again")
    shipped, again = (read_variables(folder / "model.bin") for folder in (work / "shipped-model", tmp_path / "again"))
    whole = [name for name in shipped if shipped[name].dtype == "int8" and name.endswith("/weight")]
    assert whole
    assert all((shipped[name] == again[name]).all() for name in whole)
    train(work, "--run", "further", "--steps", "1", "--base", "restored")


def test_weights_are_restored_onto_their_own_base_only(work: Path, tmp_path: Path) -> None:
    config = load(work / "trimmed").config
    config.intermediate_size = 48
    Gemma3ForCausalLM(config).save_pretrained(tmp_path / "narrower")
    convert(work / "trimmed", tmp_path / "shipped")
    with pytest.raises(ValueError, match="another shape"):
        restore(tmp_path / "shipped", tmp_path / "narrower", tmp_path / "restored")


def test_weights_of_another_shape_of_run_are_refused(work: Path) -> None:
    train(work, "--run", "narrow", "--steps", "1", "--rank", "4")
    with pytest.raises(ValueError, match="do not fit"):
        train(work, "--run", "narrow", "--steps", "1", "--full")


def test_a_missing_data_folder_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--data or DEPESCHE_DATA"):
        main(["--work", str(tmp_path), "--data", str(tmp_path), "pairs"])


def test_parts_make_up_the_whole_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.recipes.compact.export.PART_BYTES", 10)
    whole = tmp_path / "model.bin"
    whole.write_bytes(bytes(range(25)))
    facts = write_parts(whole, tmp_path / "parts")
    names = [part["name"] for part in facts["parts"]]  # type: ignore[attr-defined]
    assert names == ["model.bin.part1", "model.bin.part2", "model.bin.part3"]
    assert b"".join((tmp_path / "parts" / name).read_bytes() for name in names) == whole.read_bytes()
