"""Strips of made-up records through all of the benchmark, without a network."""

import dataclasses

import numpy as np
import pytest

from tests.worker.drawings import made_up_ecg
from tests.worker.training.evaluation.digitising.readings import ECG, LEADS
from worker.training.evaluation.digitising import drawing
from worker.training.evaluation.digitising.beats import BeatCounts
from worker.training.evaluation.digitising.drawing import Sources, Task, picture_of, recording_of, tasks
from worker.training.evaluation.digitising.figures import figures_of, measured_all, row_of
from worker.training.evaluation.digitising.table import BEGIN, END, table_rewritten, tables
from worker.training.evaluation.digitising.worst import worst_of
from worker.training.records import DS1, DS2, Record

SOURCES = Sources(ludb=None, mitdb=None)


class AlwaysN:
    """Says N of every beat of a strip, and V of the first: what agrees can be told beforehand."""

    def classify_strips(self, strips):
        return [np.eye(5)[[2, *[0] * (strip.r_peaks.size - 1)][: strip.r_peaks.size]] for strip in strips]


def load(_, name):
    ecg = made_up_ecg(np.random.default_rng(int(name)), seconds=40.0)
    samples = np.round(ecg.r_s * ecg.fs).astype(int)
    return Record(name, ecg.fs, ("MLII",), ecg.mv[:, None], samples, ("N",) * samples.size, np.zeros(samples.size, int))


@pytest.fixture(scope="module", autouse=True)
def records():
    drawing._record.cache_clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(drawing, "record_load", load)
        yield
    drawing._record.cache_clear()


@pytest.fixture(scope="module")
def asked():
    return tasks(("strip",), ("scan",), pictures=3, half="taught", seed=1)


@pytest.fixture(scope="module")
def measured(records, asked):
    return measured_all(asked, SOURCES, jobs=1)


def test_strips_are_read_truly_and_every_beat_is_found(measured):
    row = row_of(measured, AlwaysN())
    assert (row.kind, row.level, row.pictures, row.not_read) == ("strip", "scan", 3, {})
    assert row.curves == 3
    assert row.r > 0.8
    assert row.snr_low_db <= row.snr_db
    assert (row.beats.missed, row.beats.false) == (0, 0)
    assert row.names == {"unknown": 1.0}
    assert row.has_scales == row.speed_right == row.gain_right == 1.0
    assert 0 < row.seconds <= row.seconds_most
    assert row.class_beats >= row.beats.hits


def test_a_refused_picture_counts_as_refused_and_in_nothing_else(measured):
    read = row_of(measured, AlwaysN())
    refused = [dataclasses.replace(one, code="trace_unclear", facts=None) for one in measured[:1]]
    row = row_of([*refused, *measured[1:]], AlwaysN())
    assert row.not_read == {"trace_unclear": pytest.approx(1 / 3)}
    assert row.refused == pytest.approx(1 / 3)
    assert row.curves == 2
    assert row.beats.hits < read.beats.hits


def test_where_nothing_was_read_no_figure_is_made_up(measured):
    row = row_of([dataclasses.replace(one, code="no_grid", facts=None) for one in measured], AlwaysN())
    assert row.refused == 1.0
    assert np.isnan([row.snr_db, row.r, row.gain_right, row.classes_agree]).all()
    assert row.beats == BeatCounts()


def test_classes_are_compared_beat_by_beat(measured):
    (pair,) = measured[0].facts.pairs
    shifted = dataclasses.replace(pair, partner=np.where(pair.partner >= 0, 1, -1))
    facts = dataclasses.replace(measured[0].facts, pairs=(shifted,))
    row = row_of([dataclasses.replace(measured[0], facts=facts)], AlwaysN())
    matched = int((pair.partner >= 0).sum())
    assert row.class_beats == matched
    expected = (matched - (pair.partner[0] >= 0)) / matched  # the first is V in the signal, and N in the picture
    assert row.classes_agree == pytest.approx(expected)


def test_each_signal_is_given_to_the_detectors_once(measured):
    other_level = [dataclasses.replace(one, task=dataclasses.replace(one.task, level="clean")) for one in measured]
    found = figures_of([*measured, *other_level], SOURCES, AlwaysN())
    assert [row.level for row in found.rows] == ["scan", "clean"]
    detectors = found.detectors["MIT-BIH"]
    assert {one.pieces for one in detectors.values()} == {3}
    assert detectors["Beatline"].perfect == 3


def test_the_same_seed_gives_the_same_pictures_and_another_level_the_same_signal(asked):
    first, again = (picture_of(asked[0], recording_of(asked[0], SOURCES)).data for _ in range(2))
    assert first == again
    other_level = dataclasses.replace(asked[0], level="clean")
    np.testing.assert_array_equal(
        recording_of(other_level, SOURCES).leads["MLII"], recording_of(asked[0], SOURCES).leads["MLII"]
    )
    other_seed = dataclasses.replace(asked[0], seed=2)
    assert picture_of(other_seed, recording_of(other_seed, SOURCES)).data != first


def test_each_half_has_its_own_records_and_none_comes_twice_before_all_came():
    names = {
        half: [recording_of(Task("strip", "clean", n, half, 0), SOURCES).name for n in range(22)]
        for half in ("taught", "reported")
    }
    assert sorted(names["taught"]) == sorted(DS1)
    assert sorted(names["reported"]) == sorted(DS2)


@pytest.fixture
def ludb(monkeypatch):
    monkeypatch.setattr(drawing, "twelve_leads", lambda folder, name: (LEADS, ECG.fs))
    monkeypatch.setattr(drawing, "qrs_marks", lambda folder, name, lead: np.round(ECG.r_s[1:-1] * ECG.fs))


@pytest.mark.parametrize("kind", ["sheet", "screen", "plot"])
def test_a_sheet_is_laid_out_alike_at_every_level(ludb, kind):
    first, again, other = (
        picture_of(task, recording_of(task, SOURCES))
        for task in (Task(kind, level, 5, "taught", 0) for level in ("clean", "clean", "scan"))
    )
    assert first.data == again.data
    assert (first.kind, other.kind) == (kind, kind)
    assert [row.lead for row in first.rows] == [row.lead for row in other.rows]
    assert (first.layout, first.speed_mm_s, first.gain_mm_mv) == (other.layout, other.speed_mm_s, other.gain_mm_mv)
    assert first.data != other.data


def test_beats_of_ludb_are_scored_between_the_first_and_the_last_mark(ludb):
    recording = recording_of(Task("sheet", "clean", 0, "taught", 0), SOURCES)
    assert recording.scored_s == pytest.approx((ECG.r_s[1], ECG.r_s[-2]), abs=0.01)
    assert recording.beats_s.size == ECG.r_s.size - 2


def test_the_worst_are_those_not_read_and_those_with_the_lowest_ratio(measured):
    refused = dataclasses.replace(measured[0], code="no_grid", facts=None)
    chosen = worst_of([*measured, refused, refused], count=3)
    assert [one.code for one in chosen] == ["no_grid", None, None]
    snrs = [one.facts.curves[0].snr_db for one in measured]
    assert [one.facts.curves[0].snr_db for one in chosen[1:]] == sorted(snrs)[:2]


def test_the_page_shows_the_figures_between_its_markers_and_nothing_else_changes(tmp_path, measured):
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    text = tables(figures_of(measured, SOURCES, AlwaysN()), "About.")
    for _ in range(2):
        table_rewritten(page, text)
    assert page.read_text() == f"# Page\n\n{BEGIN}\n\n{text}\n\n{END}\n\nAfter.\n"
    assert "| strip, scan | 3 | 0.00 |" in text
    assert "| XQRS | MIT-BIH | 3 |" in text


def test_a_page_without_markers_is_not_written(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n")
    with pytest.raises(ValueError, match=r"page\.md: expected the lines"):
        table_rewritten(page, "text")
    assert page.read_text() == "# Page\n"
