import dataclasses
import re
import subprocess
import sys

import numpy as np
import pytest

from tests.worker.drawings import made_up_ecg
from worker.ecg.leads import STANDARD_LEADS
from worker.generator.layouts import LAYOUTS
from worker.generator.levels import level_named, levels
from worker.generator.plot_page import plot_page
from worker.generator.plot_picture import plot_picture
from worker.generator.plot_style import PLOT_COLOURS, PlotStyle, plot_layout_drawn, plot_style_drawn
from worker.generator.truth import DrawnPicture
from worker.image.decode import decode_picture

ECG = made_up_ecg(np.random.default_rng(4))
FS = ECG.fs
# Twelve leads of one rhythm, each with its own height.
LEADS = {lead: ECG.mv * height for lead, height in zip(STANDARD_LEADS, np.linspace(-0.9, 1.4, 12), strict=True)}
PLAIN = PlotStyle(dpi=80, colour="pink", strength=0.5, footer=False, margin_mm=5.0, spacing_mm=20.0)
WITHOUT_LINES = dataclasses.replace(PLAIN, strength=0.0)


def drawn(level="clean", seed: int = 0, style: PlotStyle | None = PLAIN, layout="3x4+1", **options) -> DrawnPicture:
    return plot_picture(LEADS, FS, level=level, rng=np.random.default_rng(seed), style=style, layout=layout, **options)


def darkness(picture: DrawnPicture) -> np.ndarray:
    """From 0, white, to 1, black."""
    pixels = decode_picture(picture.data).rgb.mean(axis=2)
    assert pixels.shape == (picture.height_px, picture.width_px)
    return 1.0 - pixels / 255.0


def blanked(dark: np.ndarray, boxes: list[np.ndarray], around: int = 1) -> np.ndarray:
    """Without what lies in boxes, of shape (4, 2), and some pixels around them."""
    dark = dark.copy()
    for box in boxes:
        left, top = np.maximum(0, np.floor(box.min(axis=0)).astype(int) - around)
        right, bottom = np.ceil(box.max(axis=0)).astype(int) + around
        dark[top:bottom, left:right] = 0.0
    return dark


@pytest.mark.parametrize("level", ["clean", "photo"])
def test_the_same_seed_gives_the_same_file(level):
    style = dataclasses.replace(PLAIN, header="blocks")
    one, same, other = (drawn(level, seed, style).data for seed in (3, 3, 4))
    assert one == same != other


@pytest.mark.parametrize("dpi", [80, 150])
def test_the_middle_of_the_curve_is_where_the_ground_truth_says(dpi):
    picture = drawn(style=dataclasses.replace(WITHOUT_LINES, dpi=dpi, name_place="below"), layout="12x1")
    dark, off = darkness(picture), []
    for row in picture.rows:
        columns = np.arange(np.ceil(row.trace_px[0, 0]) + 1, row.trace_px[-1, 0] - 1).astype(int)
        within = np.interp(columns[:, None] + np.linspace(0.0, 1.0, 9), *row.trace_px.T)
        height, flat = within.mean(axis=1), np.ptp(within, axis=1) < 0.4
        near = np.arange(-3, 4) + np.floor(height[flat])[:, None].astype(int)
        ink = dark[near, columns[flat, None]]
        assert (ink.sum(axis=1) > 0.8).all()
        off.append((ink * (near + 0.5)).sum(axis=1) / ink.sum(axis=1) - height[flat])
    assert abs(np.median(np.concatenate(off))) < 0.05
    assert np.quantile(np.abs(np.concatenate(off)), 0.95) < 0.25


def test_no_ink_lies_where_no_truth_says():
    picture = drawn(style=dataclasses.replace(WITHOUT_LINES, pulse=True, header="title", footer=True))
    # Long lines of small letters are a few pixels longer than their boxes.
    dark = blanked(darkness(picture), [text.box_px for text in picture.texts], around=6)
    ink = np.argwhere(dark > 0.5)[::7, ::-1] + 0.5
    curves = [row.trace_px for row in picture.rows] + [row.pulse_px for row in picture.rows if row.pulse]
    points = np.concatenate([along(curve) for curve in curves])
    away = [np.abs(points - pixel).max(axis=1).min() for pixel in ink]
    assert len(away) > 500
    assert max(away) < 1.5


def along(points: np.ndarray) -> np.ndarray:
    """Points of a polygonal line at most half a pixel apart."""
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    at = np.arange(0.0, steps[-1], 0.5)
    return np.stack([np.interp(at, steps, points[:, axis]) for axis in (0, 1)], axis=1)


@pytest.mark.parametrize(("dpi", "minors"), [(80, True), (150, False), (200, True)])
def test_the_lines_of_the_page_are_as_far_apart_as_the_ground_truth_says(dpi, minors):
    style = dataclasses.replace(PLAIN, dpi=dpi, minors=minors, major_pt=1.2, minor_pt=0.3, colour="red")
    picture = drawn(style=style, layout="3x4")
    for axis, px_per_mm in ((0, picture.px_per_mm_x), (1, picture.px_per_mm_y)):
        profile = np.quantile(darkness(picture), 0.1, axis=axis)
        lines = np.flatnonzero(profile > 0.35 * profile.max())
        middles = [line.mean() for line in np.split(lines, np.flatnonzero(np.diff(lines) > 2) + 1)][1:-1]
        apart = np.polyfit(np.arange(len(middles)), middles, 1)[0]
        assert len(middles) > 10
        assert apart == pytest.approx(5 * px_per_mm, rel=2e-3)
        assert px_per_mm == pytest.approx(dpi / 25.4, rel=1e-5)


@pytest.mark.parametrize(("place", "bold"), [("above", False), ("below", True), ("before", True)])
def test_names_fill_their_boxes(place, bold):
    style = dataclasses.replace(WITHOUT_LINES, name_place=place, bold=bold, dpi=150)
    flat = {lead: 0.01 * np.sin(np.arange(2000)) for lead in STANDARD_LEADS}
    picture = plot_picture(flat, 200.0, level="clean", rng=np.random.default_rng(1), style=style, layout="12x1")
    dark = darkness(picture)
    for row in picture.rows:
        (left, top), _, (right, bottom), _ = row.name_px
        corner = np.array([int(left) - 5, int(top) - 5])
        near = dark[corner[1] : int(bottom) + 6, corner[0] : int(right) + 6] > 0.5
        ys, xs = np.nonzero(near)
        assert [ys.min() + corner[1], ys.max() + 1 + corner[1]] == pytest.approx([top, bottom], abs=1.1)
        assert [xs.min() + corner[0], xs.max() + 1 + corner[0]] == pytest.approx([left, right], abs=3.1)


@pytest.mark.parametrize("level", levels())
def test_ink_lies_where_the_ground_truth_says_at_every_level(level):
    picture = drawn(dataclasses.replace(level_named(level), pen=0.0, stamp=0.0), 2)
    dark = darkness(picture)
    points = np.concatenate([row.trace_px for row in picture.rows])
    x, y = np.floor(points.T).astype(int)
    away = round(2.3 * picture.px_per_mm_y)
    darker = dark[y, x] - (dark[y - away, x] + dark[y + away, x]) / 2
    assert (picture.kind, picture.level, picture.layout) == ("plot", level, "3x4+1")
    assert (darker > 0).mean() > 0.8
    assert np.median(darker) > 0.03


@pytest.mark.parametrize(("speed", "gain"), [(25.0, 5.0), (50.0, 10.0), (25.0, 20.0)])
def test_other_speeds_and_gains_are_drawn_and_always_printed(speed, gain):
    picture = drawn(layout="6x2", speed_mm_s=speed, gain_mm_mv=gain, seconds=4.0)
    words = " ".join(text.words for text in picture.texts)
    assert {float(said) for said in re.findall(r"([\d.]+) ?mm/s", words)} == {speed}
    assert {float(said) for said in re.findall(r"([\d.]+) ?mm/mV", words)} == {gain}
    row = picture.rows[1]
    scale = np.ptp(row.trace_px, axis=0) / [picture.px_per_mm_x, picture.px_per_mm_y]
    assert scale == pytest.approx([(row.signal_mv.size - 1) / FS * speed, np.ptp(row.signal_mv) * gain], rel=1e-5)


def test_columns_follow_each_other_in_time_and_on_the_page():
    picture = drawn(layout="3x4+3")
    assert [row.lead for row in picture.rows] == list(LAYOUTS["3x4+3"].leads)
    strip = picture.rows[-1].trace_px
    for row in picture.rows[:12]:
        assert row.start_s == pytest.approx(2.5 * row.column, abs=1 / FS)
        at = round(row.start_s * FS)
        assert row.trace_px[:, 0] == pytest.approx(strip[at : at + len(row.trace_px), 0], abs=0.01)


def test_all_that_is_plotted_has_its_place_on_the_page():
    looks = set()
    for seed in range(150):
        rng = np.random.default_rng(seed)
        layout = plot_layout_drawn(rng)
        style = plot_style_drawn(layout, rng)
        tall = {lead: signal * (4.0 if seed % 5 == 0 else 1.0) for lead, signal in LEADS.items()}
        speed, gain = (25.0, 50.0)[seed % 7 == 0], (10.0, 20.0)[seed % 9 == 0]
        plot = plot_page(tall, FS, layout, style, rng, speed_mm_s=speed, gain_mm_mv=gain, seconds=10.0)
        page, (left, top, right, bottom) = plot.page, plot.lined_mm
        curves = np.concatenate([page.curve_mm(row) for row in page.rows] + page.pulses_mm())
        assert ((curves > [left, top]) & (curves < [right, bottom])).all()
        boxes = np.concatenate([text.box_mm(plot.px_per_mm) for text in page.texts])
        assert ((boxes > 4.0) & (boxes < [page.width_mm - 4.0, page.height_mm - 4.0])).all()
        sides = np.array([page.width_mm, page.height_mm]) * plot.px_per_mm
        assert sides == pytest.approx(np.round(sides), abs=1e-6)
        assert 80 <= plot.dpi <= 300
        assert right <= page.width_mm
        assert bottom <= page.height_mm
        looks |= {layout.name, style.colour, style.separator, style.name_place, style.minors, style.ink}
    assert looks > {"3x4", "3x4+1", "3x4+3", "6x2", "12x1", "bar", "tick", "before", True, False, *PLOT_COLOURS}


def test_words_do_not_run_into_each_other():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        style = dataclasses.replace(PLAIN, header="blocks", footer=True, words_pt=10.0)
        plot = plot_page(LEADS, FS, LAYOUTS["3x4"], style, rng, speed_mm_s=25.0, gain_mm_mv=10.0, seconds=10.0)
        boxes = [text.box_mm(plot.px_per_mm) for text in plot.page.texts]
        for number, one in enumerate(boxes):
            assert not any(crossing(one, other) for other in boxes[:number])


def crossing(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(((one.min(axis=0) < other.max(axis=0)) & (other.min(axis=0) < one.max(axis=0))).all())


def test_what_cannot_be_drawn_is_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="expected I among"):
        plot_picture({"II": ECG.mv}, FS, level="clean", rng=rng, layout="3x4")
    with pytest.raises(ValueError, match="level"):
        drawn("awful")


def test_without_matplotlib_words_say_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "worker.generator.plot_canvas", raising=False)
    with pytest.raises(ModuleNotFoundError, match="expected matplotlib"):
        drawn()


def test_a_worker_without_matplotlib_imports_all_else():
    code = "import sys; sys.modules['matplotlib'] = None; import worker.generator.plot_picture"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
