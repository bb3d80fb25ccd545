"""The way through pictures, with made-up records and a classifier that answers by the height of a beat."""

import numpy as np
import pytest

from tests.worker.drawings import made_up_ecg
from worker.ecg.annotations import AAMI_CLASSES
from worker.training.evaluation import reread as rereading
from worker.training.evaluation.reread import crops_cut, picture_of, reread, strips_cut
from worker.training.evaluation.round_trip import UNANSWERED, crop_round_trip_figures, figures_text, round_trip_figures
from worker.training.records import NOT_A_BEAT, Record

N, V = AAMI_CLASSES.index("N"), AAMI_CLASSES.index("V")


class ByWidth:
    """V where a beat is wide at half its height, N elsewhere: it sees what a network would see."""

    kind = "context"

    def classify_strips(self, strips):
        return [np.eye(5)[[self._answer(strip, r) for r in strip.r_peaks]] for strip in strips]

    def classify_crops(self, traces):
        return np.eye(5)[[N] * len(traces)] if traces else np.empty((0, 5))

    def _answer(self, strip, r):
        mean_rr = np.mean(np.diff(strip.r_peaks))
        near = strip.values[max(0, int(r - 0.1 * mean_rr)) : int(r + 0.1 * mean_rr)] - np.median(strip.values)
        return V if (near > 0.5 * near.max()).sum() > 0.06 * mean_rr else N


def made_up_record(name: str, seconds: float = 60.0) -> Record:
    ecg = made_up_ecg(np.random.default_rng(int(name)), seconds=seconds, ventricular=True)
    samples = np.round(ecg.r_s * ecg.fs).astype(int)
    early = np.diff(ecg.r_s, prepend=-1.0) < 0.85 * np.median(np.diff(ecg.r_s))
    labels, symbols = np.where(early, V, N), tuple(np.where(early, "V", "N").tolist())
    return Record(name, ecg.fs, ("MLII", "V1"), np.stack([ecg.mv, ecg.mv], axis=1), samples, symbols, labels)


@pytest.fixture(autouse=True)
def records(monkeypatch):
    monkeypatch.setattr(rereading, "record_load", lambda data, name: made_up_record(name))


def figures(levels, **options):
    return round_trip_figures(ByWidth(), None, ["1", "2"], levels, processes=1, **{"every": 3, **options})


def test_clean_strips_lose_nothing():
    found = figures(["clean"])
    clean = found["levels"]["clean"]
    assert clean["answered_pictures"] == 1.0
    assert clean["coverage"] > 0.97
    assert clean["answered"]["accuracy"] > 0.97
    assert clean["answered"]["beats"] == found["oracle"]["beats"] * clean["coverage"]
    assert found["oracle"]["accuracy"] == found["detected"]["accuracy"] == 1.0


def test_a_beat_without_an_answer_is_an_error_of_its_class_alone(monkeypatch):
    monkeypatch.setattr("worker.training.evaluation.round_trip.reread_all", nothing_is_read)
    row = figures(["clean"])["levels"]["clean"]
    assert row["answered_pictures"] == row["coverage"] == row["overall"]["accuracy"] == 0.0
    assert row["codes"] == {"trace_unclear": 1.0}
    assert row["overall"]["per_class"]["N"]["sensitivity"] == 0.0
    assert row["overall"]["confusion"][N][AAMI_CLASSES.index("Q")] == row["overall"]["per_class"]["N"]["beats"]


def nothing_is_read(cuts, level, *, seed, processes):
    nobody = np.empty(0, int)
    return [rereading.Reread("trace_unclear", None, np.full(cut.beats.size, -1), nobody) for cut in cuts]


def test_the_same_seed_gives_the_same_figures():
    assert figures(["photo"], every=6, seed=3) == figures(["photo"], every=6, seed=3)


def test_strips_are_sampled_evenly_whatever_they_hold():
    cuts = strips_cut(None, ["1"], every=2, seed=0)
    starts = np.array([cut.start for cut in cuts])
    assert len(set(np.diff(starts)[:-1].tolist())) <= 1
    everything = strips_cut(None, ["1"], every=1, seed=0)
    assert sum(cut.labels.size for cut in everything) == made_up_record("1").samples.size


def test_flutter_waves_are_matched_but_not_scored(monkeypatch):
    def with_flutter(data, name):
        record = made_up_record(name)
        record.labels[::4] = NOT_A_BEAT
        return record

    monkeypatch.setattr(rereading, "record_load", with_flutter)
    cut = strips_cut(None, ["1"], every=3, seed=0)[0]
    assert (cut.labels >= 0).all()
    assert reread(cut, level="clean", seed=0).false.size == 0


def test_read_beats_are_the_annotated_ones_at_their_place():
    cut = strips_cut(None, ["2"], every=3, seed=0)[0]
    found = reread(cut, level="scan", seed=1)
    drawn = picture_of(cut, level="scan", seed=1)
    assert found.code is None
    partners = found.partner[found.partner >= 0]
    assert len(partners) == len(set(partners.tolist()))
    assert drawn.level == "scan"
    rr_s = np.diff(found.strip.r_peaks) / found.strip.fs
    assert rr_s == pytest.approx(np.diff(cut.beats[found.partner >= 0]) / cut.fs, abs=0.05)


def test_an_unread_picture_answers_for_no_beat(monkeypatch):
    def refused(picture):
        raise rereading.EcgError("trace_unclear")

    monkeypatch.setattr(rereading, "read_picture", refused)
    cut = strips_cut(None, ["1"], every=3, seed=0)[0]
    found = reread(cut, level="clean", seed=0)
    assert (found.code, found.strip) == ("trace_unclear", None)
    assert (found.partner == UNANSWERED).all()


def test_single_beats_go_the_same_way():
    found = crop_round_trip_figures(ByWidth(), None, ["1", "2"], ["clean"], every=20, processes=1)
    clean = found["levels"]["clean"]
    assert found["beats"] == found["oracle"]["beats"]
    assert clean["answered_pictures"] == clean["coverage"]
    assert clean["answered_pictures"] + sum(clean["codes"].values()) == pytest.approx(1.0)
    assert len(crops_cut(None, ["1"], every=20, seed=0)[0].signal) < 2 * 360


def test_the_table_names_each_level_and_what_was_not_read():
    text = figures_text(figures(["clean", "photo-hard"], every=6))
    for word in ("oracle", "detected", "clean", "photo-hard"):
        assert f"\n{word} " in text


def test_a_step_that_leaves_nothing_is_refused():
    with pytest.raises(ValueError, match="every"):
        strips_cut(None, [], every=5, seed=0)
