from dataclasses import replace

import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn
from worker.image.decode import decode_picture
from worker.image.ink import WorkCopy, grid_map
from worker.image.sheet.paper_map import MAJOR_MM, MINOR_MM
from worker.image.sheet.phase import exact_map, twice_as_fine

_INSIDE_MM = 8.0  # of the page's edges


def off_mm(picture):
    """How far a page's points lie from where the map of its picture counts them: (across, down), rms."""
    paper = exact_map(grid_map(WorkCopy(decode_picture(picture.data).rgb, 1.0)))
    points = np.stack(np.meshgrid(np.linspace(0, paper.width_px, 25), np.linspace(0, paper.height_px, 25)), axis=-1)
    true_mm = picture.scene.on_page(points.reshape(-1, 2))
    page = np.array([picture.scene.page.width_mm, picture.scene.page.height_mm])
    inside = ((true_mm > _INSIDE_MM) & (true_mm < page - _INSIDE_MM)).all(axis=1)
    line_mm = min((MINOR_MM, MAJOR_MM), key=lambda mm: abs(np.log(paper.line_px[0] / picture.px_per_mm_x / mm)))
    off = paper.lines(points.reshape(-1, 2))[inside] * line_mm - true_mm[inside]
    return off.std(axis=0)


@pytest.mark.parametrize(("level", "seed"), [("clean", 1), ("clean", 3), ("scan", 3), ("scan", 4), ("photo-light", 5)])
def test_lines_of_a_page_are_counted_to_a_twentieth_of_a_millimetre(level, seed):
    across, down = off_mm(drawn(level, seed))
    assert across < 0.05
    assert down < 0.05


@pytest.mark.parametrize(("level", "seed"), [("clean", 4), ("scan", 4), ("photo-light", 3)])
def test_what_spectra_tell_only_roughly_is_polished_away(level, seed):
    assert (off_mm(drawn(level, seed)) < 0.02).all()


@pytest.mark.parametrize("seed", [3, 4, 6])
def test_time_on_a_photograph_of_curled_paper_is_true_to_a_tenth_of_a_millimetre(seed):
    across, _ = off_mm(drawn("photo", seed))
    assert across < 0.1


@pytest.mark.parametrize("seed", [38, 43])
def test_finer_lines_tell_where_those_that_are_counted_lead_astray(seed):
    assert (off_mm(drawn("photo", seed)) < 0.05).all()


def test_agreement_is_told_and_noise_has_no_map():
    paper = exact_map(grid_map(WorkCopy(decode_picture(drawn("scan", 3).data).rgb, 1.0)))
    assert paper.strength > 0.8
    rng = np.random.default_rng(1)
    assert exact_map(rng.random((400, 600)).astype(np.float32)) is None


def test_lines_halfway_between_those_that_were_counted_make_a_second_guess():
    darkness = grid_map(WorkCopy(decode_picture(drawn("scan", 3).data).rgb, 1.0))
    paper = exact_map(darkness)
    halved = replace(paper, across=paper.across / 2, down=paper.down / 2, line_mm=None)
    finer = twice_as_fine(halved, darkness)
    assert finer.line_px == pytest.approx(paper.line_px)
    assert finer.line_mm == MAJOR_MM
    assert twice_as_fine(replace(paper, line_mm=MAJOR_MM), darkness) is None


def test_a_picture_lower_than_a_window_has_no_second_guess():
    darkness = grid_map(WorkCopy(decode_picture(drawn("scan", 3).data).rgb, 1.0))
    paper = exact_map(darkness)
    halved = replace(paper, across=paper.across / 2, down=paper.down / 2, line_mm=None)
    height = round(3.5 * halved.line_px[1])  # windows of four lines do not fit, those of six half as far apart do
    assert twice_as_fine(replace(halved, height_px=height), darkness[:height]) is None


@pytest.mark.parametrize("turn_deg", [-11.0, 0.0, 4.5])
@pytest.mark.parametrize("apart_px", [5.9, 7.2, 10.0])
def test_lines_of_one_strength_are_counted_however_they_are_turned(turn_deg, apart_px):
    rng, turn = np.random.default_rng(4), np.radians(turn_deg)
    y, x = np.mgrid[:900, :1200] + 0.5
    true = np.stack([x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)], axis=-1) / apart_px
    away_px = np.abs(true - np.round(true)).min(axis=-1) * apart_px
    paper = exact_map((np.clip(1.2 - away_px, 0, 1) + rng.normal(0, 0.1, x.shape)).astype(np.float32))
    every = 1 if paper.line_mm is None else paper.line_mm / MINOR_MM
    assert paper.line_px == pytest.approx((every * apart_px, every * apart_px), rel=1e-3)
    some = np.s_[50::90, 50::90]
    off = every * paper.lines(np.stack([x, y], axis=-1)[some].reshape(-1, 2)) - true[some].reshape(-1, 2)
    assert (off.std(axis=0) < 0.1).all()


@pytest.mark.parametrize("noise", [2.0, 2.5])
def test_a_wave_that_is_not_sure_enough_leaves_the_picture_as_a_whole_to_tell(noise):
    y, x = np.mgrid[:600, :800] + 0.5
    away_px = np.minimum(np.abs(x - 6.3 * np.round(x / 6.3)), np.abs(y - 6.3 * np.round(y / 6.3)))
    darkness = np.clip(1.2 - away_px, 0, 1) + np.random.default_rng(4).normal(0, noise, x.shape)
    paper = exact_map(darkness.astype(np.float32))
    every = 1 if paper.line_mm is None else paper.line_mm / MINOR_MM
    assert paper.line_px == pytest.approx((every * 6.3, every * 6.3), rel=0.01)
