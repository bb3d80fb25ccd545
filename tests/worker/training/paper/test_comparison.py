import gzip
from dataclasses import replace

import keras
import numpy as np
import pytest
import wfdb

from worker.training.config import CONFIGS
from worker.training.paper.beats import Beats
from worker.training.paper.classes import EIGHT_CLASSES, PAPER_SYMBOLS
from worker.training.paper.comparison import Comparison
from worker.training.paper.predictions import predictions_path, predictions_read, predictions_write
from worker.training.paper.settings import OurNetwork, PaperConfig, Row, paper_config_load
from worker.training.paper.table import complete_rows_join, paper_metrics, table_text

NAMES = ("900", "901")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Two small records in which V beats are wide and point down."""
    folder = tmp_path_factory.mktemp("records")
    rng = np.random.default_rng(0)
    for name in NAMES:
        samples = 200 + np.cumsum(rng.integers(250, 330, 60))
        symbols = ["V" if number % 4 == 3 else "N" for number in range(60)]
        t = np.arange(samples[-1] + 300)
        signal = 0.01 * rng.standard_normal(len(t))
        for sample, symbol in zip(samples, symbols, strict=True):
            height, width = (-1.5, 25) if symbol == "V" else (1.0, 6)
            signal += height * np.exp(-(((t - sample) / width) ** 2))
        wfdb.wrsamp(name, 360, ["mV", "mV"], ["MLII", "V1"], np.column_stack([signal, signal]), write_dir=str(folder))
        wfdb.wrann(name, "atr", samples, symbols, write_dir=str(folder))
    return folder


def tiny_config(*rows: Row) -> PaperConfig:
    config = paper_config_load(CONFIGS / "paper-two-cores.toml")
    network = OurNetwork(height_px=16, stem=(4, 4), stages=(8,), dense=8, dropout=0.1, members=1)
    return replace(
        config,
        name="tiny",
        protocol=replace(config.protocol, folds=4, run_folds=(0, 1), train_beats=0),
        zoo=replace(config.zoo, size_px=32, epochs=2, batch_size=16),
        ours=replace(config.ours, epochs=4, batch_size=8, learning_rate=1e-2),
        beat=network,
        context=replace(network, members=2),
        rows=rows,
    )


BEAT = Row("ours-beat", "beat", "none", 0)
CONTEXT = Row("ours-context", "context", "drawings", 0)
STUDENT = Row("student", "student", "shear_zoom_flip", 32, width=0.1)


def run_fold(comparison, row, fold, out):
    unit = comparison.unit(row, fold)
    probabilities = comparison.answers(unit, comparison.runs / f"{row.name}-{fold}", verbose=0)
    path = predictions_path(out, comparison.config.name, row.name, fold)
    predictions_write(comparison.beats, unit.asked, probabilities, EIGHT_CLASSES, path)
    return unit, probabilities


@pytest.mark.parametrize("row", [BEAT, CONTEXT, STUDENT])
def test_a_row_is_trained_asked_written_and_read_again(row, data, tmp_path):
    comparison = Comparison(tiny_config(row), data, tmp_path, NAMES)
    unit, probabilities = run_fold(comparison, row, 0, tmp_path)
    assert len(comparison.beats) == 120
    assert not set(unit.training) & set(unit.asked)
    assert len(unit.training) + len(unit.asked) == 120
    assert probabilities.sum(axis=1) == pytest.approx(1)

    read = predictions_read(predictions_path(tmp_path, "tiny", row.name, 0), EIGHT_CLASSES)
    assert np.array_equal(read.labels, comparison.beats.labels[unit.asked])
    assert np.allclose(read.probabilities, probabilities, atol=1e-5)


def test_our_network_learns_what_is_plain_to_see(data, tmp_path):
    comparison = Comparison(tiny_config(BEAT), data, tmp_path, NAMES)
    unit, probabilities = run_fold(comparison, BEAT, 0, tmp_path)
    assert (probabilities.argmax(axis=1) == comparison.beats.labels[unit.asked]).mean() > 0.9


def test_settings_are_chosen_without_a_look_at_the_fold(data, tmp_path):
    comparison = Comparison(tiny_config(BEAT), data, tmp_path, NAMES)
    fold = set(comparison.unit(BEAT, 1).asked)
    unit = comparison.unit(BEAT, 1, validate=True)
    assert not fold & (set(unit.asked) | set(unit.training))
    assert not set(unit.asked) & set(unit.training)


def test_a_finished_member_is_not_trained_again(data, tmp_path, monkeypatch):
    comparison = Comparison(tiny_config(CONTEXT), data, tmp_path, NAMES)
    unit, first = run_fold(comparison, CONTEXT, 0, tmp_path)

    def refuse(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr(keras.Model, "fit", refuse)
    again = comparison.answers(unit, comparison.runs / f"{CONTEXT.name}-0", verbose=0)
    assert np.array_equal(first, again)


class PowerCut(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise InterruptedError


def test_an_interrupted_unit_goes_on_after_its_last_epoch(data, tmp_path, monkeypatch):
    comparison = Comparison(tiny_config(BEAT), data, tmp_path, NAMES)
    unit = comparison.unit(BEAT, 0)
    fit = keras.Model.fit
    with monkeypatch.context() as cut:
        cut.setattr(
            keras.Model, "fit", lambda self, *a, callbacks, **k: fit(self, *a, callbacks=[*callbacks, PowerCut()], **k)
        )
        with pytest.raises(InterruptedError):
            comparison.answers(unit, tmp_path / "unit", verbose=0)
    comparison.answers(unit, tmp_path / "unit", verbose=0)
    (log,) = (tmp_path / "unit").glob("epochs-*.csv")
    assert [line.split(",")[0] for line in log.read_text().splitlines()] == ["epoch", "0", "1", "2", "3"]


def test_the_same_answers_give_the_same_bytes(data, tmp_path):
    comparison = Comparison(tiny_config(BEAT), data, tmp_path, NAMES)
    asked = np.arange(3)
    probabilities = np.full((3, 8), 0.125)
    paths = [tmp_path / name for name in ("a.csv.gz", "b.csv.gz")]
    for path in paths:
        predictions_write(comparison.beats, asked, probabilities, EIGHT_CLASSES, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def write_answers(folder, row, fold, labels, answers):
    at = np.arange(len(labels))
    beats = Beats(np.full(len(labels), "900"), at, np.array(PAPER_SYMBOLS)[labels], np.array(labels))
    path = predictions_path(folder, "tiny", row, fold)
    predictions_write(beats, at, np.eye(8)[answers], EIGHT_CLASSES, path)


def test_the_table_comes_from_the_predictions_alone(tmp_path):
    config = tiny_config(BEAT, CONTEXT)
    normal, premature = PAPER_SYMBOLS.index("N"), PAPER_SYMBOLS.index("V")
    write_answers(
        tmp_path, "ours-beat", 0, [normal, normal, premature, premature], [normal, normal, premature, premature]
    )
    write_answers(tmp_path, "ours-beat", 1, [normal, normal, premature, premature], [normal, normal, premature, normal])
    lines = table_text(config, tmp_path).splitlines()
    beat, context = (next(line for line in lines if f"| {name} |" in line) for name in ("ours-beat", "ours-context"))
    assert "| 2 of 4 |" in beat
    assert "| 87.50 ± 17.68 |" in beat  # accuracy: 100 and 75
    assert context.count("not run") == 8
    assert any("proposed, published |" in line and "99.05" in line for line in lines)
    assert sum("from memory" in line for line in lines) == 5


def test_a_manifests_figures_are_pooled_over_the_folds(tmp_path):
    config = tiny_config(BEAT)
    normal, premature = PAPER_SYMBOLS.index("N"), PAPER_SYMBOLS.index("V")
    write_answers(tmp_path, "ours-beat", 0, [normal] * 9 + [premature], [normal] * 9 + [premature])
    write_answers(tmp_path, "ours-beat", 1, [normal, premature], [premature, premature])
    with pytest.raises(FileNotFoundError, match="compare"):
        paper_metrics(config, "ours-beat", tmp_path)
    complete_rows_join(config, tmp_path)
    metrics = paper_metrics(config, "ours-beat", tmp_path)
    assert metrics["accuracy"] == pytest.approx(11 / 12)
    assert metrics["specificity"] == pytest.approx(9 / 10)
    assert metrics["sensitivity"] == 1
    assert (metrics["folds"], metrics["beats"]) == (2, 12)
    assert (metrics["config"], metrics["augmentation"]) == ("tiny", "none")
    assert metrics["predictions"] == str(tmp_path / "tiny" / "ours-beat.csv.gz")


def test_a_row_without_all_its_folds_is_not_joined(tmp_path):
    write_answers(tmp_path, "ours-beat", 0, [0, 1], [0, 1])
    complete_rows_join(tiny_config(BEAT), tmp_path)
    assert not (tmp_path / "tiny" / "ours-beat.csv.gz").exists()


def test_answers_with_other_columns_are_refused(tmp_path):
    path = tmp_path / "other.csv.gz"
    path.write_bytes(gzip.compress(b"record,sample\n900,1\n"))
    with pytest.raises(ValueError, match="columns"):
        predictions_read(path, EIGHT_CLASSES)
