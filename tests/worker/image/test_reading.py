"""Drawn strips and beats are read back, however they are drawn."""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worker import drawings
from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.ink import work_copy
from worker.image.read import read_picture
from worker.image.single import best_sketch
from worker.image.told import Told

# The same few examples each time; EXAMPLES=300 tries that many new ones.
QUIET = settings(
    max_examples=int(os.environ.get("EXAMPLES", "12")),
    derandomize="EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def strip_ecg(seed: int = 0, seconds: float = 8.0) -> drawings.Ecg:
    return drawings.made_up_ecg(np.random.default_rng(seed), seconds=seconds, ventricular=bool(seed % 2))


def complete(drawn: drawings.Drawn, px_per_s: float, width: float) -> np.ndarray:
    """R peaks whose QRS is wholly drawn."""
    return drawn.r_px[(drawn.r_px > 0.2 * px_per_s) & (drawn.r_px < width - 0.2 * px_per_s)]


def assert_each_beat_is_in_its_own_box(boxes, r_px) -> None:
    for r in r_px:
        assert sum(x <= r <= x + w for x, _, w, _ in boxes) >= 1, f"no box around x = {r:.0f}: {boxes}"


@QUIET
@given(
    seed=st.integers(0, 50),
    px_per_mm=st.floats(4.0, 11.0),
    grid=st.sampled_from([None, *drawings.GRIDS]),
    line_px=st.integers(1, 4),
    label=st.sampled_from([None, "II", "V5"]),
)
def test_a_drawn_strip_gives_its_beats_back(seed, px_per_mm, grid, line_px, label):
    ecg = strip_ecg(seed)
    drawn = drawings.paper_strip(ecg, px_per_mm=px_per_mm, grid=grid, line_px=line_px, label=label)
    reading = read_picture(Picture(drawn.rgb))
    expected = complete(drawn, 25 * px_per_mm, drawn.rgb.shape[1])
    assert reading.kind == "strip"
    assert len(expected) <= len(reading.answered[0].r_peaks) <= len(drawn.r_px)
    assert_each_beat_is_in_its_own_box(reading.boxes, expected)
    if grid is None:
        assert reading.answered[0].fs is None


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_strip_that_is_told_to_be_turned_has_the_time_and_voltage_of_the_upright_one(turns):
    upright = drawings.paper_strip(strip_ecg(), px_per_mm=7, grid="pink").rgb
    lying = np.ascontiguousarray(np.rot90(upright, -turns))  # clockwise
    height, width = lying.shape[:2]
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    told = Told(corners=tuple(corners[turns:] + corners[:turns]))
    plain, turned = read_picture(Picture(upright)), read_picture(Picture(lying), told)
    assert turned.px_per_mm_x == pytest.approx(plain.px_per_mm_x, rel=0.01)
    assert turned.px_per_mm_y == pytest.approx(plain.px_per_mm_y, rel=0.01)
    assert turned.answered[0].fs == pytest.approx(plain.answered[0].fs, rel=0.01)
    assert turned.answered[0].r_peaks == pytest.approx(plain.answered[0].r_peaks, abs=2)


@QUIET
@given(seed=st.integers(0, 50), degrees=st.floats(-1, 1), quality=st.integers(50, 95), factor=st.floats(0.7, 1.6))
def test_turning_scaling_and_recompressing_change_no_beat(seed, degrees, quality, factor):
    drawn = drawings.paper_strip(strip_ecg(seed), px_per_mm=7, grid="pink")
    plain = read_picture(Picture(drawn.rgb))
    changed = drawings.rescaled(drawings.recompressed(drawings.rotated(drawn.rgb, degrees), quality), factor)
    reading = read_picture(Picture(changed))
    expected = complete(drawn, 25 * 7, drawn.rgb.shape[1]) * factor
    # A complex that touches the edge may count in one and not in the other; no other may.
    for read in (plain, reading):
        assert len(expected) <= len(read.boxes) <= len(drawn.r_px)
    assert_each_beat_is_in_its_own_box(reading.boxes, expected)


@QUIET
@given(
    seed=st.integers(0, 50), px_per_mm=st.floats(5.0, 11.0), grid=st.sampled_from(["pink", "red", "green", "orange"])
)
def test_where_a_time_is_given_it_is_the_paper_s(seed, px_per_mm, grid):
    drawn = drawings.paper_strip(strip_ecg(seed), px_per_mm=px_per_mm, grid=grid)
    reading = read_picture(Picture(drawn.rgb))
    if reading.answered[0].fs is not None:
        assert reading.px_per_mm_x == pytest.approx(px_per_mm, rel=0.02)


def test_millimetres_are_found_on_clean_paper_and_the_speed_counts():
    ecg = strip_ecg(2)
    drawn = drawings.paper_strip(ecg, px_per_mm=8, grid="pink")
    assumed, told = (read_picture(Picture(drawn.rgb), Told(speed_mm_s=speed)) for speed in (None, 50.0))
    assert assumed.px_per_mm_x == pytest.approx(8, rel=0.01)
    assert assumed.px_per_mm_y == pytest.approx(8, rel=0.01)
    assert assumed.answered[0].seconds == pytest.approx(ecg.mv.size / ecg.fs, rel=0.02)
    assert told.answered[0].seconds == pytest.approx(assumed.answered[0].seconds / 2, rel=0.01)
    rr_s = np.diff(assumed.answered[0].r_peaks) / assumed.answered[0].fs
    assert rr_s.mean() == pytest.approx(np.diff(ecg.r_s).mean(), rel=0.03)


@pytest.mark.parametrize("width", [1900, 3600, 5000])
def test_r_peaks_lie_in_the_picture_where_they_were_drawn(width):
    drawn = drawings.paper_strip(strip_ecg(2), px_per_mm=8)
    factor = width / drawn.rgb.shape[1]
    reading = read_picture(Picture(drawings.rescaled(drawn.rgb, factor)))
    expected = drawn.r_px * factor
    for r in reading.answered[0].r_peaks_px[:, 0]:
        assert np.abs(expected - r).min() < 0.5 * 8 * factor


def test_without_a_grid_there_is_no_time_even_when_a_speed_is_told():
    drawn = drawings.paper_strip(strip_ecg(2), grid=None)
    reading = read_picture(Picture(drawn.rgb), Told(speed_mm_s=25.0))
    assert reading.answered[0].fs is None
    assert reading.speed_mm_s is None


def test_the_trace_is_the_drawn_signal():
    ecg = strip_ecg(4)
    drawn = drawings.paper_strip(ecg, px_per_mm=8, grid="pink", label=None)
    (lead,) = read_picture(Picture(drawn.rgb)).answered
    at_s = ecg.r_s[0] + (lead.at_px[:, 0] - drawn.r_px[0]) / (8 * 25)
    assert np.corrcoef(lead.values, np.interp(at_s * ecg.fs, np.arange(len(ecg.mv)), ecg.mv))[0, 1] > 0.94
    height_mv = np.ptp(lead.values) / lead.per_mv
    assert height_mv == pytest.approx(np.ptp(ecg.mv), rel=0.06)


@pytest.mark.parametrize("axes", [True, False])
@pytest.mark.parametrize("colour", ["black", "C0", "darkred"])
def test_a_plotted_beat_is_one_beat(axes, colour):
    ecg = drawings.one_beat(strip_ecg(0), 3)
    for dpi in (40, 64, 100):
        drawn = drawings.plotted(ecg, axes=axes, colour=colour, dpi=dpi)
        reading = read_picture(Picture(drawn.rgb))
        assert reading.kind == "beat"
        assert len(reading.boxes) == 1
        x, _, w, _ = reading.boxes[0]
        assert x <= drawn.r_px[0] <= x + w
        assert reading.answered[0].fs is None


def test_a_beat_of_64_pixels_is_read():
    drawn = drawings.plotted(drawings.one_beat(strip_ecg(0), 3), axes=False, inches=(1, 1), dpi=64)
    assert read_picture(Picture(drawn.rgb)).kind == "beat"


@pytest.mark.parametrize("tilt", [0.0, 0.8])
def test_a_plotted_strip_inside_its_axes_is_read(tilt):
    ecg = strip_ecg(2)
    drawn = drawings.plotted(ecg, inches=(11, 3), dpi=90, title="Lead II")
    reading = read_picture(Picture(drawings.rotated(drawn.rgb, tilt)))
    px_per_s = 11 * 90 * 0.75 / ecg.seconds
    assert len(complete(drawn, px_per_s, 1e9)) - 1 <= len(reading.answered[0].r_peaks) <= len(drawn.r_px)


def code_of(rgb: np.ndarray) -> tuple[str, str | None]:
    with pytest.raises(EcgError) as caught:
        read_picture(Picture(rgb))
    return caught.value.code, caught.value.kind


def test_two_rows_on_one_paper_are_two_leads():
    rows = [drawings.paper_strip(strip_ecg(seed)).rgb for seed in (0, 2)]
    width = min(row.shape[1] for row in rows)
    reading = read_picture(Picture(np.vstack([row[:, :width] for row in rows])))
    assert (reading.kind, reading.layout, len(reading.leads)) == ("strip", "rows-2", 2)
    assert len(reading.answering) == 1


def test_a_monitor_s_light_trace_is_read_without_time():
    reading = read_picture(Picture(255 - drawings.paper_strip(strip_ecg(0), grid=None).rgb))
    assert reading.kind == "screen"
    assert reading.leads[0].fs is None


def test_a_flat_line_has_no_beats():
    flat = drawings.Ecg(np.random.default_rng(0).normal(0, 0.004, 2880), 360.0, np.empty(0))
    code, _ = code_of(drawings.paper_strip(flat, px_per_mm=8).rgb)
    assert code in ("no_beats_found", "low_resolution", "trace_unclear")


def test_a_strip_of_a_few_pixels_height_has_too_low_a_resolution():
    drawn = drawings.rescaled(drawings.paper_strip(strip_ecg(0), grid=None, label=None).rgb, 0.09)
    code, _ = code_of(np.pad(drawn, ((20, 20), (0, 0), (0, 0)), constant_values=255))
    assert code in ("low_resolution", "trace_unclear", "not_an_ecg")


def test_lines_of_the_grid_beside_a_trace_do_not_make_it_soft():
    softness = {}
    for grid in (None, "gray"):
        drawn = drawings.paper_strip(strip_ecg(2), px_per_mm=7, grid=grid, label=None, colour=(90, 90, 90))
        sketch, _ = best_sketch(work_copy(Picture(drawings.recompressed(drawn.rgb))))
        softness[grid] = sketch.softness
    assert softness["gray"] < softness[None] + 0.02
