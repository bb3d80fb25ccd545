import csv
import json

import numpy as np
import pytest

from tests.worker.training.database import database_written
from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.beats import Strip
from worker.model.architectures import build_network, members_averaged
from worker.model.calibration import softmax
from worker.model.classifier import Classifier
from worker.model.recording_prior import RecordingPrior
from worker.model.registry import Manifest
from worker.results import ModelIdentity
from worker.training.config import CONFIGS, config_load
from worker.training.data.views import Shown, View, shown
from worker.training.evaluation.answers import EXTRA, answers_collect, answers_placed, logits_of, with_members
from worker.training.evaluation.evaluate import evaluate
from worker.training.evaluation.figures import reading_figures
from worker.training.evaluation.figures_text import PREDICTION_COLUMNS, figures_text, predictions_write
from worker.training.evaluation.metrics import NO_BEAT
from worker.training.evaluation.protocols import ROWS, protocol_named, protocol_of_records
from worker.training.records import DS2, PACED_TEST, record_load

PROTOCOL = protocol_of_records("106,114")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return database_written(tmp_path_factory.mktemp("mitdb"))


def classifier_of(kind, *, members=1, **document):
    config = config_load(CONFIGS / f"{kind}.toml")
    networks = [
        build_network(config.input_shape, height_px=16, stem=(4, 4), stages=(4,), dense=8, dropout=0.0, seed=seed)
        for seed in range(members)
    ]
    identity = ModelIdentity(config.artifact.name, config.artifact.version, "")
    return Classifier(members_averaged(networks), Manifest(kind, identity, 0.5, 1.0, document))


@pytest.mark.parametrize("reading", ["strip2_5", "strip10", "whole"])
def test_a_reading_shows_every_beat_of_a_record_once(data, reading):
    record = record_load(data, "106")
    seen = shown(record, View(reading))
    assert sorted(seen.annotations) == list(range(len(record.samples)))
    found = shown(record, View(reading, "detected"))
    assert sorted(found.annotations[found.annotations != EXTRA]) == list(range(len(record.samples)))


def test_crops_show_the_first_and_the_last_beat_too(data):
    record = record_load(data, "106")
    assert shown(record, View("crop")).annotations.tolist() == list(range(len(record.samples)))


def test_a_view_with_noise_is_the_same_every_time_and_noisier_with_fewer_decibels(data):
    record = record_load(data, "106")
    clean = View("strip10").signal(record)
    errors = [np.std(View("strip10", noise_db=snr_db).signal(record) - clean) for snr_db in (24, 12, 0)]
    assert errors == sorted(errors)
    again = View("strip10", noise_db=12).signal(record)
    assert np.array_equal(again, View("strip10", noise_db=12).signal(record))


def test_a_missed_beat_and_a_false_one_have_rows_of_their_own(data):
    record = record_load(data, "106")
    annotations = np.append(np.arange(1, len(record.samples)), EXTRA)  # beat 0 missed, one detection too many
    samples = np.append(record.samples[1:], 20_000)
    logits = np.zeros((len(annotations), 1, 5))
    logits[np.arange(len(annotations) - 1), 0, record.labels[1:]] = 9
    logits[-1, 0, AAMI_CLASSES.index("V")] = 9
    seen = Shown(np.empty((len(samples), 0)), samples, annotations, np.zeros(len(samples), int))
    answers = answers_placed(record, seen, logits)
    assert (answers.labels == NO_BEAT).sum() == (answers.classes == NO_BEAT).sum() == 1

    figures = reading_figures(answers, ["106"], "detected")
    beats = len(record.samples)
    assert figures["beats"] == beats
    assert figures["accuracy"] == pytest.approx((beats - 1) / beats)
    assert figures["missed"] == {"N": 1, "S": 0, "V": 0, "F": 0}
    assert figures["extra"] == {"N": 0, "S": 0, "V": 1, "F": 0, "Q": 0}
    pvcs = figures["per_class"]["V"]
    assert pvcs["sensitivity"] == 1
    assert pvcs["positive_predictivity"] == pytest.approx(pvcs["beats"] / (pvcs["beats"] + 1))
    assert np.sum(figures["confusion"]) == beats - 1


def test_each_strip_is_adapted_to_its_own_share_of_s_beats(data):
    record = record_load(data, "106")
    count = len(record.samples)
    half = count // 2
    logits = np.zeros((count, 2, 5))
    logits[:half, :, AAMI_CLASSES.index("S")] = 4
    logits[half:, :, AAMI_CLASSES.index("N")] = 4
    seen = Shown(np.empty((count, 0)), record.samples, np.arange(count), np.repeat([0, 1], [half, count - half]))
    answers = answers_placed(record, seen, logits)
    prior = RecordingPrior(share=0.02)
    moved = answers.adapted(prior).logits[:, 1] - answers.logits[:, 1]
    assert (moved[:half] > 0.5).all()
    assert (moved[half:] < 0).all()
    assert np.array_equal(answers.adapted(prior).members[:, 0], answers.adapted(prior).logits)
    assert answers.adapted(None) is answers


def test_an_evaluation_adapts_a_whole_record_as_the_worker_does(data):
    prior = {"share": 0.001, "beats": 5.0, "part": 1.0, "most": 3.0}
    classifier = classifier_of("context", recording_prior=prior)
    record = record_load(data, "106")
    answers = answers_collect(classifier, data, ["106"], View("whole"))
    [probabilities] = classifier.classify_strips([Strip(record.signal(), record.fs, record.samples)])
    assert np.allclose(softmax(answers.logits / classifier.temperature), probabilities, atol=1e-5)
    bare = answers_collect(classifier_of("context"), data, ["106"], View("whole"))
    assert not np.allclose(bare.logits, answers.logits)


def test_members_answer_beside_their_mean():
    classifier = classifier_of("beat", members=3)
    x = np.random.default_rng(0).uniform(-1, 1, (5, 1, 128, 2)).astype(np.float32)
    outputs = logits_of(with_members(classifier.network), x)
    assert outputs.shape == (5, 4, 5)
    assert np.allclose(outputs[:, 0], outputs[:, 1:].mean(axis=1), atol=1e-5)
    assert np.allclose(outputs[:, 0], classifier.logits(x), atol=1e-5)


@pytest.mark.parametrize("kind", ["beat", "context"])
def test_every_row_of_a_manifest_is_measured(data, kind):
    found = evaluate(classifier_of(kind, members=3), data, PROTOCOL, rows=[row for row in ROWS if row != "roundtrip"])
    rows = found.metrics["records"]
    readings = ("crop",) if kind == "beat" else ("strip10", "whole")
    for reading in readings:
        for peaks in ("oracle", "detected"):
            figures = rows[reading][peaks]
            assert set(figures["per_record"]) == {"106", "114"}
            assert set(figures["interval_95"]) >= {"accuracy", "macro_f1", "macro_f1_nsv", "f1_S"}
            assert set(figures["per_class"]["V"]) == {"beats", "sensitivity", "positive_predictivity", "f1"}
        assert found.metrics["records"]["seeds"]["readings"][reading]["f1_V"]["mean"] >= 0
    assert rows["seeds"]["count"] == 3
    assert rows["lead"]["V1"]["records"] == ["106", "114"]
    assert set(rows["noise"]) == {"24", "18", "12", "6", "0"}
    assert ("strip2_5" in rows) == (kind == "context")
    assert rows["unknown_lead"]["beats"] == rows[readings[0]]["oracle"]["beats"]
    assert len(rows["calibration"]["reliability"]["after"]) == 15
    text = figures_text(json.loads(json.dumps(found.metrics)))
    assert "noise 6 detected" in text
    assert "3 seeds" in text


def test_pictures_are_measured_on_a_sample_at_each_level(data):
    rows = evaluate(classifier_of("beat"), data, PROTOCOL, rows=["roundtrip"]).metrics["records"]["roundtrip"]
    assert {"clean", "photo"} <= set(rows)
    for figures in rows.values():
        assert figures["beats"] == figures["oracle"]["beats"] > 0
        assert 0 <= figures["coverage"] <= 1
        assert set(figures["per_class"]) == set("NSVF")


def test_only_the_rows_asked_for_are_measured(data):
    found = evaluate(classifier_of("beat"), data, PROTOCOL, rows=["leads"])
    assert set(found.metrics["records"]) == {"records", "lead"}
    assert found.answers == {}


def test_predictions_hold_one_row_for_each_beat_of_the_test_set(data, tmp_path):
    classifier = classifier_of("context")
    answers = answers_collect(classifier, data, PROTOCOL.records, View("whole"))
    predictions_write(answers, 1.0, tmp_path / "p.csv")
    with (tmp_path / "p.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == PREDICTION_COLUMNS == ("record", "sample", "symbol", "p_N", "p_S", "p_V", "p_F", "p_Q")
    assert [(row["record"], int(row["sample"]), row["symbol"]) for row in rows] == [
        (record.name, sample, symbol)
        for record in (record_load(data, "106"), record_load(data, "114"))
        for sample, symbol in zip(record.samples, record.symbols, strict=True)
    ]
    assert sum(float(rows[0][name]) for name in PREDICTION_COLUMNS[3:]) == pytest.approx(1, abs=1e-5)


def test_the_spread_over_seeds_is_of_networks_with_other_seeds_where_they_are_given(data):
    classifier = classifier_of("beat")
    found = evaluate(classifier, data, PROTOCOL, rows=["main"], seeds=[classifier, classifier, classifier])
    figures = found.metrics["records"]["seeds"]["readings"]["crop"]["accuracy"]
    assert len(figures["values"]) == 3
    assert figures["sd"] == 0


def test_a_protocol_says_whether_it_opens_the_test_patients():
    manifest = {"config": {"selection": {"held_out_records": ["106", "201"]}}}
    assert protocol_named("ds2", manifest).records == DS2
    assert protocol_named("ds2", manifest).paced == PACED_TEST
    assert protocol_named("ds2", manifest).opens_the_test
    held_out = protocol_named("ds1-held-out", manifest)
    assert held_out.records == ("106", "201")
    assert not held_out.opens_the_test
    assert protocol_of_records("106, 104").opens_the_test
    with pytest.raises(ValueError, match="MIT-BIH"):
        protocol_of_records("106,999")
