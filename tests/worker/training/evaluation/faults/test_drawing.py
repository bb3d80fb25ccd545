"""Faults that are drawn are there, and the same each time."""

from dataclasses import replace

import numpy as np
import pytest

from tests.worker.training.database import database_written
from tests.worker.training.evaluation.digitising.readings import sheet
from worker.generator.levels import level_named
from worker.image.decode import decode_picture
from worker.training.evaluation.digitising import drawing
from worker.training.evaluation.digitising.drawing import Sources
from worker.training.evaluation.faults.drawing import FaultTask, faulty_picture
from worker.training.evaluation.faults.faults import FAULTS, STRENGTHS, Case, level_of_case
from worker.training.evaluation.faults.pixels import beside_each_other, cut_through_a_row, with_glare, written_over


@pytest.fixture(scope="module")
def drawn():
    return sheet()


@pytest.fixture(scope="module")
def rgb(drawn):
    return decode_picture(drawn.data).rgb


@pytest.fixture
def sources(tmp_path, monkeypatch):
    monkeypatch.setitem(drawing._MITDB, "taught", ("106",))
    drawing._record.cache_clear()
    return Sources(ludb=tmp_path, mitdb=database_written(tmp_path, ("106",), seconds=30.0))


def rng():
    return np.random.default_rng(7)


def test_a_reflection_is_white_on_a_curve_and_leaves_the_rest_of_the_page(drawn, rgb):
    lit = with_glare(rgb, drawn, 0.08, rng())
    blown_out = (lit == 255).all(axis=2) & (rgb < 255).any(axis=2)
    on_curves = np.concatenate([row.trace_px for row in drawn.rows]).astype(int)
    assert blown_out[on_curves[:, 1], on_curves[:, 0]].any()
    assert (lit == rgb).all(axis=2).mean() > 0.5


@pytest.mark.parametrize("turns", [0, 1])
def test_a_cut_goes_through_one_row_and_spares_the_others(turns):
    drawn = sheet(quarter_turns=turns)
    rgb = decode_picture(drawn.data).rgb
    cut = cut_through_a_row(rgb, drawn, 0.5, rng())
    along = 0 if turns else 1
    lost = rgb.shape[1 - along] - cut.shape[1 - along]
    assert lost > 0
    from_the_end = np.array_equal(cut, rgb[:, : cut.shape[1]] if turns else rgb[: cut.shape[0]])
    inside = [
        (row.trace_px[:, along] < cut.shape[1 - along]) if from_the_end else (row.trace_px[:, along] > lost)
        for row in drawn.rows
    ]
    assert any(0 < part.mean() < 1 for part in inside)
    assert sum(part.all() for part in inside) >= len(drawn.rows) / 2


def test_a_pen_goes_over_curves_and_nowhere_else(drawn, rgb):
    changed = (written_over(rgb, drawn, 0.5, rng()) != rgb).any(axis=2)
    rows_px = [row.trace_px for row in drawn.rows]
    on_curves = np.concatenate(rows_px).astype(int)
    assert changed[on_curves[:, 1], on_curves[:, 0]].sum() > 20
    lowest = max(row[:, 1].max() for row in rows_px)
    assert not changed[int(lowest + 20 * drawn.px_per_mm_y) :].any()
    assert changed.mean() < 0.2


def test_two_pages_lie_apart_or_over_each_other(drawn):
    apart, over = (beside_each_other([drawn, drawn], gap, rng()) for gap in (0.05, -0.2))
    page = decode_picture(drawn.data).rgb
    assert apart.shape[0] > over.shape[0] + 0.1 * max(page.shape)
    assert apart.shape[1] == over.shape[1] == page.shape[1]


@pytest.mark.parametrize("number", [0, 1])
def test_a_stronger_fault_is_another_level_and_no_fault_is_none(number):
    assert level_of_case(Case("none", 1), number) == level_named(("photo-light", "photo")[number])
    for fault in ("blurred", "shaken", "too_dark", "shade", "low_resolution", "pale", "curled", "tilted", "noisy"):
        assert len({level_of_case(Case(fault, strength), number) for strength in STRENGTHS}) == 3
    dark = [level_of_case(Case("too_dark", strength), number).sheet_paper_tone[1] for strength in STRENGTHS]
    assert dark == sorted(dark, reverse=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_task_is_always_the_same_picture(fault, sources):
    task = FaultTask("strip", Case(fault, 1), 0, 0)
    first = faulty_picture(task, sources).rgb
    assert np.array_equal(faulty_picture(task, sources).rgb, first)
    if fault not in ("none", "hurried"):
        other = faulty_picture(replace(task, case=Case(fault, 3)), sources).rgb
        assert other.shape != first.shape or (other != first).any()
