"""Sheets as programs draw them with matplotlib: no page of our own generator."""

import io

import cv2
import matplotlib
import numpy as np
import pytest

from tests.worker.image.sheet.pages import leads_of_a_heart
from worker.image.decode import decode_picture
from worker.image.ink import grid_map, work_copy
from worker.image.read import read_picture
from worker.image.sheet.phase import exact_map

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.ticker import AutoMinorLocator, MultipleLocator

WIDTH_IN, HEIGHT_IN = 11.0, 8.5
WIDTH_S, HEIGHT_MV = WIDTH_IN * 25.4 / 25, HEIGHT_IN * 25.4 / 10  # at 25 mm/s and 10 mm/mV
ROWS = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"), ("II",))
LEFT_S, COLUMN_S, ROW_MV = 0.6, 2.5, 3.6


def page(*, major, minor, ink="black", dpi=150, bars=False, heart=leads_of_a_heart):
    """RGB of a page of three rows of four and a rhythm strip."""
    leads, fs = heart()
    figure, axes = plt.subplots(figsize=(WIDTH_IN, HEIGHT_IN), dpi=dpi)
    figure.subplots_adjust(0, 0, 1, 1)
    axes.set(xlim=(0, WIDTH_S), ylim=(0, HEIGHT_MV))
    for axis, square in ((axes.xaxis, 0.2), (axes.yaxis, 0.5)):
        axis.set_major_locator(MultipleLocator(square))
        axis.set_minor_locator(AutoMinorLocator(5))
    axes.tick_params(which="both", length=0, labelleft=False, labelbottom=False)
    axes.grid(which="major", color=major, linewidth=0.5)
    axes.grid(which="minor", color=minor, linewidth=0.5)
    for number, names in enumerate(ROWS):
        zero_mv = HEIGHT_MV - 4.5 - number * ROW_MV
        for column, name in enumerate(names):
            left_s, seconds = LEFT_S + column * COLUMN_S, COLUMN_S if len(names) > 1 else 4 * COLUMN_S
            piece = leads[name][round(column * COLUMN_S * fs) :][: round(seconds * fs)]
            axes.plot(left_s + np.arange(piece.size) / fs, zero_mv + piece, color=ink, linewidth=0.75)
            axes.text(left_s + 0.05, zero_mv - 0.8, name, fontsize=11)
            if bars and column:
                axes.plot([left_s, left_s], [zero_mv - 0.4, zero_mv + 0.4], color=ink, linewidth=2.25)
    stored = io.BytesIO()
    figure.savefig(stored, format="png", dpi=dpi)
    plt.close(figure)
    return cv2.imdecode(np.frombuffer(stored.getvalue(), np.uint8), cv2.IMREAD_COLOR)


def turned(bgr, degrees):
    """With black corners, as programs turn pictures."""
    height, width = bgr.shape[:2]
    cos, sin = abs(np.cos(np.radians(degrees))), abs(np.sin(np.radians(degrees)))
    size = (round(width * cos + height * sin), round(width * sin + height * cos))
    around = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    around[:, 2] += (np.array(size) - (width, height)) / 2
    return cv2.warpAffine(bgr, around, size)


PAGES = {
    "pink": {"major": (1.0, 0.8, 0.87), "minor": (1.0, 0.93, 0.97)},
    "brown, with bars": {"major": (0.43, 0.2, 0.18), "minor": (0.59, 0.42, 0.4), "bars": True},
    "blue, one strength": {"major": (0.55, 0.72, 0.83), "minor": (0.55, 0.72, 0.83), "ink": (0.0, 0.0, 0.1)},
    "strong red": {"major": "red", "minor": (0.95, 0.8, 0.8), "ink": "navy", "dpi": 200},
}


@pytest.mark.parametrize("degrees", [0.0, 14.0])
@pytest.mark.parametrize("style", PAGES)
def test_all_leads_of_a_page_are_read(style, degrees):
    bgr = page(**PAGES[style])
    data = cv2.imencode(".png", turned(bgr, degrees) if degrees else bgr)[1].tobytes()
    found = read_picture(decode_picture(data))
    assert (found.layout, found.speed_mm_s) == ("3x4+1", 25.0)
    assert [lead.lead for lead in found.leads] == [name for row in ROWS for name in row]
    (strip,) = found.answered
    assert strip.lead == "II"
    off_s = np.abs(np.diff(strip.r_peaks) / strip.fs - 0.8)
    assert strip.r_peaks.size >= 12
    assert np.median(off_s) < 0.02
    assert off_s.max() < 0.1
    assert np.nanmax(strip.millivolts) == pytest.approx(0.5, abs=0.06)  # of 0.5 mV


def tall_and_narrow(height_mv=2.2, fs=500.0):
    """The same heart in all leads: R waves 2.2 mV high and 20 ms wide at half of that, with S and T waves."""
    since_r = (np.arange(int(10 * fs)) / fs + 0.4) % 0.8 - 0.4
    waves = ((1.0, 0.0, 0.012), (-0.25, 0.03, 0.01), (0.1, 0.22, 0.05))
    beats = sum(share * np.exp(-(((since_r - at) / width) ** 2)) for share, at, width in waves)
    return {name: height_mv * beats for row in ROWS for name in row}, fs


@pytest.mark.parametrize(("major", "minor", "dpi"), [("#222222", "#eeeeee", 120), ("#333333", "#cccccc", 150)])
def test_tall_narrow_waves_keep_their_height_on_lines_as_dark_as_ink(major, minor, dpi):
    bgr = page(major=major, minor=minor, dpi=dpi, heart=tall_and_narrow)
    found = read_picture(decode_picture(cv2.imencode(".png", bgr)[1].tobytes()))
    beats = [(lead.millivolts, r_peak) for lead in found.leads for r_peak in lead.r_peaks]
    heights = np.array([np.nanmax(mv[max(0, r_peak - 15) : r_peak + 15]) for mv, r_peak in beats])
    assert len(heights) > 40
    assert np.median(heights) == pytest.approx(2.2, rel=0.1)
    assert (heights > 0.8 * 2.2).all()


NAVY, PALE_BLUE = ((0.0, 0.0, 0.4), (0.0, 0.0, 0.7)), ((0.55, 0.72, 0.83), (0.55, 0.72, 0.83))


@pytest.mark.parametrize(
    ("colours", "dpi", "degrees"),
    [(NAVY, 100, 7.0), (NAVY, 100, -15.0), (NAVY, 80, -6.0), (NAVY, 90, 14.0), (PALE_BLUE, 120, 7.0)],
)
def test_fine_lines_keep_their_millimetres_however_the_page_is_turned(colours, dpi, degrees):
    """As dark all, and drawn on whole pixels: other waves and other turns agree with some of them, too."""
    major, minor = colours
    bgr = turned(page(major=major, minor=minor, dpi=dpi), degrees)
    darkness = grid_map(work_copy(decode_picture(cv2.imencode(".png", bgr)[1].tobytes())))
    found = exact_map(darkness)
    assert np.divide(found.line_px, dpi / 25.4 * darkness.shape[1] / bgr.shape[1]) == pytest.approx(1.0, abs=0.003)
