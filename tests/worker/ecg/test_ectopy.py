"""Couplets, runs, bigeminy and trigeminy in hand-made sequences."""

import pytest

from worker.ecg.ectopy import ectopy_of


def ectopy(classes, aami_class="V", *, unsure=(), step_s: float | None = 0.5):
    flags = [index in unsure for index in range(len(classes))]
    times = None if step_s is None else [index * step_s for index in range(len(classes))]
    return ectopy_of(aami_class, classes, flags, times)


def episodes(classes, aami_class="V"):
    return [(e.kind, e.first, e.beats) for e in ectopy(classes, aami_class).episodes]


def test_counts_and_burden_are_of_all_beats():
    found = ectopy("NNVNSNFQVN", unsure={2, 4})
    assert (found.beats, found.unsure, found.burden_percent) == (2, 1, 20.0)
    assert ectopy("NNVNSNFQVN", "S", unsure={2, 4}).burden_percent == 10.0


@pytest.mark.parametrize("aami_class", "SV")
def test_two_in_a_row_are_a_couplet_and_three_a_triplet(aami_class):
    found = ectopy("NXXNXXXNXXXXN".replace("X", aami_class), aami_class)
    assert (found.couplets, found.triplets, found.runs) == (1, 1, 2)
    assert [(e.kind, e.first, e.beats) for e in found.episodes] == [("couplet", 1, 2), ("run", 4, 3), ("run", 8, 4)]


@pytest.mark.parametrize("between", "NSFQ")
def test_any_other_class_ends_a_run(between):
    assert episodes(f"NVV{between}VVN") == [("couplet", 1, 2), ("couplet", 4, 2)]


def test_a_run_has_its_rate_from_its_own_intervals():
    found = ectopy_of("V", "NVVVN", [False] * 5, [0.0, 1.0, 1.5, 2.0, 4.0])
    (run,) = found.episodes
    assert (run.rate_bpm, run.seconds, run.over_100_bpm, run.cut) == (120.0, 1.0, True, False)
    assert found.longest_run is found.fastest_run is run


@pytest.mark.parametrize(("step_s", "over"), [(0.61, False), (0.6, False), (0.59, True), (None, None)])
def test_above_a_hundred_is_told_by_the_rate_alone(step_s, over):
    (run,) = ectopy("NVVVVN", step_s=step_s).episodes
    assert run.over_100_bpm is over


def test_longest_and_fastest_run_may_differ():
    times = [0.0, 0.8, 1.6, 2.4, 3.2, 4.0, 4.8, 5.2, 5.6, 6.4]
    found = ectopy_of("V", "NVVVVNVVVN", [False] * 10, times)
    assert found.longest_run is not None
    assert found.fastest_run is not None
    assert (found.longest_run.beats, found.longest_run.over_100_bpm) == (4, False)
    assert (found.fastest_run.beats, found.fastest_run.rate_bpm) == (3, pytest.approx(150))


def test_a_run_at_the_edge_may_be_longer():
    assert [e.cut for e in ectopy("VVVNNVVVNNVV").episodes] == [True, False, True]


def test_all_ventricular_is_one_run_of_unknown_length():
    found = ectopy("V" * 12)
    (run,) = found.episodes
    assert (run.kind, run.beats, run.cut, found.burden_percent) == ("run", 12, True, 100.0)
    assert found.bigeminy == found.trigeminy == 0


@pytest.mark.parametrize("classes", ["NVNVNV", "VNVNVN", "NNVNVNVNN"])
def test_three_cycles_are_bigeminy(classes):
    assert ectopy(classes).bigeminy == 1


@pytest.mark.parametrize("classes", ["NVNVN", "VNVNV", "NNVNVNN", "NVNVVNVN", "NVFVNVN", "NVNSNVN", "NVNVQVNV"])
def test_less_or_other_than_three_cycles_is_none(classes):
    assert not ectopy(classes).bigeminy


def test_bigeminy_from_the_start_is_cut_and_spans_its_normal_beats():
    assert episodes("VNVNVNNNN") == [("bigeminy", 0, 6)]
    assert ectopy("VNVNVNNNN").episodes[0].cut
    assert episodes("NNSNSNSNN", "S") == [("bigeminy", 1, 7)]


@pytest.mark.parametrize("classes", ["NNVNNVNNV", "VNNVNNVNN", "NVNNVNNVN"])
def test_three_cycles_are_trigeminy_in_any_phase(classes):
    assert episodes(classes) == [("trigeminy", 0, 9)]


def test_trigeminy_and_bigeminy_follow_one_another():
    assert episodes("NNVNNVNNVNVNVNVN") == [("trigeminy", 0, 10), ("bigeminy", 7, 9)]


def test_episodes_that_rest_on_an_unsure_beat_are_counted():
    found = ectopy("NVVNVVNVVVN", unsure={0, 2, 9})
    assert [e.unsure for e in found.episodes] == [1, 0, 1]
    assert found.unsure_episodes == 2


@pytest.mark.parametrize(
    ("n_beats", "unknown"),
    [
        (0, {"burden_percent", "couplets", "triplets", "runs", "bigeminy", "trigeminy"}),
        (1, {"burden_percent", "couplets", "triplets", "runs", "bigeminy", "trigeminy"}),
        (2, {"burden_percent", "triplets", "runs", "bigeminy", "trigeminy"}),
        (5, {"bigeminy", "trigeminy"}),
        (8, {"trigeminy"}),
        (9, set()),
    ],
)
def test_too_few_beats_make_a_number_unknown_and_not_zero(n_beats, unknown):
    found = ectopy("N" * n_beats)
    numbers = ("burden_percent", "couplets", "triplets", "runs", "bigeminy", "trigeminy")
    assert {name for name in numbers if getattr(found, name) is None} == unknown
    assert found.longest_run is None
