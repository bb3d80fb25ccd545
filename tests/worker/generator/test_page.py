import dataclasses

import numpy as np
import pytest

from worker.generator.fonts import FONTS
from worker.generator.page import StripStyle, beat_page, page_drawn, strip_page
from worker.generator.paper import Paper

FS = 360.0


def one_wave(mv: float = 1.5) -> np.ndarray:
    signal = np.zeros(3600)
    signal[1800] = mv
    return signal


def test_a_second_is_25_mm_and_a_millivolt_10_mm():
    page = strip_page(one_wave(), FS, StripStyle())
    curve = page.curve_mm(page.rows[0])
    assert np.ptp(curve[:, 1]) == pytest.approx(15.0)
    assert curve[1800, 0] - curve[0, 0] == pytest.approx(5 * 25.0)


def test_speed_and_gain_can_be_others():
    page = strip_page(one_wave(), FS, StripStyle(), speed_mm_s=50.0, gain_mm_mv=5.0)
    curve = page.curve_mm(page.rows[0])
    assert np.ptp(curve[:, 1]) == pytest.approx(7.5)
    assert curve[1800, 0] - curve[0, 0] == pytest.approx(5 * 50.0)


@pytest.mark.parametrize("mv", [-4.0, 0.2, 5.0])
def test_every_signal_finds_room_on_its_page(mv):
    style = StripStyle(lead="II", header="25 mm/s", pulse=True, margin_mm=2.0)
    page = strip_page(one_wave(mv) + 3.0, FS, style)
    row = page.rows[0]
    for points in (page.curve_mm(row), page.pulse_mm(row)):
        assert points.min() >= 2.0
        assert points[:, 0].max() <= page.width_mm - 2.0
        assert points[:, 1].max() <= page.height_mm - 2.0


def test_the_calibration_pulse_is_a_millivolt_high_and_leads_into_the_curve():
    page = strip_page(one_wave() - 0.3, FS, StripStyle(pulse=True))
    row = page.rows[0]
    pulse, curve = page.pulse_mm(row), page.curve_mm(row)
    assert np.ptp(pulse[:, 1]) == pytest.approx(10.0)
    assert pulse[-1] == pytest.approx(curve[0])


def test_text_is_printed_above_the_curve():
    bare, written = (
        page_drawn(strip_page(one_wave(), FS, style), Paper("white"), (0, 0, 0), line_mm=0.3, px_per_mm=8.0)
        for style in (StripStyle(), StripStyle(lead="V5", header="25 mm/s 10 mm/mV"))
    )
    assert (written < 100).sum() > (bare < 100).sum() + 300
    assert (written[: 8 * 8] < 100).any()


def test_a_beat_s_cut_out_holds_the_whole_beat_and_little_else():
    page = beat_page(one_wave()[1600:2000], FS, margin_mm=1.0)
    curve = page.curve_mm(page.rows[0])
    assert curve.min(axis=0) == pytest.approx([1.0, 1.0])
    assert curve.max(axis=0) == pytest.approx([page.width_mm - 1.0, page.height_mm - 1.0])


def test_a_text_s_box_holds_its_letters():
    page = strip_page(one_wave(), FS, StripStyle(lead="V5", margin_mm=6.0))
    bare = dataclasses.replace(page, texts=())
    for font in FONTS:
        name = dataclasses.replace(page.rows[0].name, font=font)
        written = dataclasses.replace(page, texts=(name,))
        first, second = (page_drawn(p, Paper("white"), (0, 0, 0), line_mm=0.3, px_per_mm=8.0) for p in (bare, written))
        rows, columns = np.nonzero((first - second).max(axis=2) > 20)
        box = name.box_mm(8.0) * 8.0
        assert [columns.min(), rows.min()] == pytest.approx(box[0], abs=2)
        assert [columns.max() + 1, rows.max() + 1] == pytest.approx(box[2], abs=2)
