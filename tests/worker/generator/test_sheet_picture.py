import dataclasses
import re

import numpy as np
import pytest

from tests.worker.drawings import made_up_ecg
from worker.ecg.leads import STANDARD_LEADS
from worker.generator.layouts import LAYOUTS, rows_layout
from worker.generator.levels import level_named, levels
from worker.generator.sheet_picture import screen_picture, sheet_picture
from worker.generator.sheet_style import NAME_PLACES, SEPARATORS, SheetStyle
from worker.generator.truth import DrawnPicture
from worker.image.decode import decode_picture

ECG = made_up_ecg(np.random.default_rng(4))
FS = ECG.fs
# Twelve leads of one rhythm, each with its own height.
LEADS = {lead: ECG.mv * height for lead, height in zip(STANDARD_LEADS, np.linspace(-0.9, 1.4, 12), strict=True)}
DRAWINGS = {"sheet": sheet_picture, "screen": screen_picture}


def drawn(level, seed: int = 0, kind: str = "sheet", **options) -> DrawnPicture:
    return DRAWINGS[kind](LEADS, FS, level=level, rng=np.random.default_rng(seed), **options)


def small(level: str):
    """A level at a low resolution, which is quick, that shows all of its curves."""
    return dataclasses.replace(level_named(level), sheet_px_per_mm=(3.6, 4.0), cut=0.0)


def pixels_of(picture: DrawnPicture) -> np.ndarray:
    pixels = decode_picture(picture.data).rgb.mean(axis=2)
    assert pixels.shape == (picture.height_px, picture.width_px)
    return pixels


def contrast(picture: DrawnPicture, pixels: np.ndarray) -> tuple[float, float]:
    """How much darker the curves are than what lies around: the share of samples, and the median."""
    points = np.concatenate([row.trace_px for row in picture.rows])
    assert points.min() >= 0
    assert (points.max(axis=0) <= [picture.width_px, picture.height_px]).all()
    x, y = np.floor(points.T).astype(int)
    away = round(2.3 * picture.px_per_mm_y)
    shifts = [(0, away), (away, 0)][picture.turned_deg in (90, 270)]
    around = [
        pixels[
            np.clip(y + sign * shifts[1], 0, picture.height_px - 1),
            np.clip(x + sign * shifts[0], 0, picture.width_px - 1),
        ]
        for sign in (-1, 1)
    ]
    on = pixels[np.clip(y, 0, picture.height_px - 1), np.clip(x, 0, picture.width_px - 1)]
    darker = np.mean(around, axis=0) - on
    return float((darker > 0).mean()), float(np.median(darker))


@pytest.mark.parametrize("kind", DRAWINGS)
@pytest.mark.parametrize("level", levels())
def test_the_same_seed_gives_the_same_file(level, kind):
    one, same, other = (drawn(small(level), seed, kind).data for seed in (3, 3, 4))
    assert one == same != other


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize("name", LAYOUTS)
def test_ink_lies_where_the_ground_truth_says(level, name):
    picture = drawn(small(level), len(name), layout=name)
    darker, by = contrast(picture, pixels_of(picture))
    assert (picture.kind, picture.layout) == ("sheet", name)
    assert darker > 0.8
    assert by > 8


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_truth_turns_with_the_picture(turns):
    upright, turned = (drawn(small("photo"), 5, layout="3x4+1", quarter_turns=quarter) for quarter in (0, turns))
    assert turned.turned_deg == 90 * turns
    assert contrast(turned, pixels_of(turned))[0] > 0.8
    points = turned.scene.on_page(turned.rows[3].trace_px) - upright.scene.on_page(upright.rows[3].trace_px)
    assert np.abs(points).max() < 1e-6
    assert turned.px_per_mm_x == upright.px_per_mm_x


@pytest.mark.parametrize("level", levels())
def test_screens_shine_where_the_ground_truth_says(level):
    picture = drawn(small(level), 1, "screen", shown=["II", "V5"])
    darker, by = contrast(picture, pixels_of(picture))
    assert [row.lead for row in picture.rows] == ["II", "V5"]
    assert darker < 0.2
    assert by < -25


def test_each_column_shows_its_own_time():
    picture = drawn(small("clean"), layout="3x4+1")
    assert [row.lead for row in picture.rows] == list(LAYOUTS["3x4+1"].leads)
    for row in picture.rows[:12]:
        assert row.start_s == pytest.approx(2.5 * row.column, abs=1 / FS)
        assert row.signal_mv.size == round(2.5 * FS)
        start = round(row.start_s * FS)
        assert (row.signal_mv == LEADS[row.lead][start : start + row.signal_mv.size]).all()
    strip = picture.rows[12]
    assert (strip.row, strip.column, strip.start_s) == (3, 0, 0.0)
    assert len(strip.trace_px) == len(ECG.mv)


def test_time_goes_on_across_columns_and_below_in_the_rhythm_strip():
    style = SheetStyle(separator="none")
    picture = drawn(small("clean"), layout="3x4+1", style=style)
    strip = picture.rows[12].trace_px
    for row in picture.rows[:4]:
        at = round(row.start_s * FS)
        assert row.trace_px[:, 0] == pytest.approx(strip[at : at + len(row.trace_px), 0], abs=0.01)


@pytest.mark.parametrize(("speed", "gain"), [(25.0, 5.0), (50.0, 10.0), (25.0, 20.0)])
def test_speed_and_gain_are_drawn_and_printed_truly(speed, gain):
    for seed in range(4):
        style = SheetStyle(header=True, footer=True)
        picture = drawn(small("clean"), seed, layout="6x2", style=style, speed_mm_s=speed, gain_mm_mv=gain, seconds=4.0)
        words = " ".join(text.words for text in picture.texts)
        assert {float(said) for said in re.findall(r"([\d.]+) ?mm/s", words)} == {speed}
        assert {float(said) for said in re.findall(r"([\d.]+) ?mm/mV", words)} == {gain}
    row = picture.rows[1]
    scale = np.ptp(row.trace_px, axis=0) / [picture.px_per_mm_x, picture.px_per_mm_y]
    assert scale == pytest.approx([(row.signal_mv.size - 1) / FS * speed, np.ptp(row.signal_mv) * gain], rel=1e-5)
    assert np.ptp(row.pulse_px[:, 1]) / picture.px_per_mm_y == pytest.approx(gain) if row.pulse else True


@pytest.mark.parametrize("place", NAME_PLACES)
def test_names_stand_in_their_boxes(place):
    style = SheetStyle(name_place=place, separator="none", header=False, footer=False, pulses="none")
    level = dataclasses.replace(small("clean"), sheet_colours=("white",), margin_mm=(8.0, 8.0), inks=("black",))
    picture = drawn(level, layout=rows_layout(["aVL", "V2"]), style=style)
    pixels = pixels_of(picture)
    for row in picture.rows:
        assert row.named
        (left, top), _, (right, bottom), _ = row.name_px
        assert right - left > 4
        inside = pixels[int(top) : int(np.ceil(bottom)), int(left) : int(np.ceil(right))]
        assert (inside < 128).sum() > 8
    nameless = drawn(level, layout=rows_layout(["aVL"]), style=dataclasses.replace(style, named=False))
    assert not nameless.rows[0].named
    assert nameless.rows[0].name_px is None


@pytest.mark.parametrize("side", ["left", "right"])
def test_each_row_of_the_page_has_one_pulse(side):
    picture = drawn(small("clean"), layout="3x4", style=SheetStyle(pulses=side, separator="tick"))
    with_pulse = [row for row in picture.rows if row.pulse]
    assert [row.row for row in with_pulse] == [0, 1, 2]
    assert {row.column for row in with_pulse} == {0 if side == "left" else 3}
    pixels = pixels_of(picture)
    for row in with_pulse:
        x, y = np.floor(row.pulse_px[2:4].mean(axis=0)).astype(int)
        assert pixels[y - 1 : y + 2, x].min() < 120
    assert not any(row.pulse for row in drawn(small("clean"), layout="3x4", style=SheetStyle(pulses="none")).rows)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_separators_stand_between_the_columns(separator):
    style = SheetStyle(separator=separator, named=False, header=False, footer=False)
    picture = drawn(small("clean"), layout="3x4", style=style)
    end, start = picture.rows[0].trace_px[-1], picture.rows[1].trace_px[0]
    apart_mm = (start[0] - end[0]) / picture.px_per_mm_x
    assert (apart_mm > 1.4) == (separator == "gap")
    assert len(picture.scene.page.strokes) == {"none": 0, "gap": 0, "tick": 9, "step": 9, "double": 18}.get(
        separator, len(picture.scene.page.strokes)
    )


def test_a_framed_sheet_has_a_line_around_its_rows_that_they_do_not_cross():
    page = drawn(small("clean"), layout="3x4+1", style=SheetStyle(separator="none", framed=True)).scene.page
    (frame,) = page.strokes
    curves = np.concatenate([page.curve_mm(row) for row in page.rows])
    assert (frame.max(axis=0) + 1e-6 >= curves.max(axis=0)).all()
    assert (frame.min(axis=0) <= curves.min(axis=0)).all()
    assert frame[0].tolist() == frame[-1].tolist()


def test_rows_on_lines_rest_on_lines_of_the_paper():
    style = SheetStyle(on_lines=True)
    page = drawn(small("clean"), layout="3x4+1", style=style).scene.page
    rests = [row.zero_mm - float(np.median(LEADS[row.lead])) * page.gain_mm_mv for row in page.rows]
    assert np.array(rests) % 5 == pytest.approx(0.0, abs=1e-6)


def test_a_tall_wave_finds_room_on_the_page():
    tall = {lead: 6 * signal for lead, signal in LEADS.items()}
    picture = sheet_picture(
        tall, FS, level=small("clean"), rng=np.random.default_rng(0), layout="12x1", gain_mm_mv=20.0
    )
    y = np.concatenate([row.trace_px[:, 1] for row in picture.rows])
    assert y.min() > 0
    assert y.max() < picture.height_px


def test_a_cut_picture_loses_one_end_of_its_curves():
    level = dataclasses.replace(small("clean"), cut=1.0, cut_mm=(10.0, 10.0), sheet_table=0.0)
    for seed in range(4):
        picture = drawn(level, seed, layout="12x1", style=SheetStyle(pulses="none"))
        x = picture.rows[0].trace_px[:, 0]
        left, right = (x < 0).any(), (x > picture.width_px).any()
        assert left != right
        assert 0.01 < ((x < 0) | (x > picture.width_px)).mean() < 0.1


def test_the_whole_page_shows_with_its_corners():
    level = dataclasses.replace(small("photo"), sheet_table=1.0, sheet_table_mm=(10.0, 10.0), bend_mm=(0.0, 0.0))
    x, y = drawn(level, 2).corners.T
    assert x.min() > 5
    assert y.min() > 5
    clean = drawn(dataclasses.replace(small("clean"), sheet_table=1.0))
    expected = [[0, 0], [clean.width_px, 0], [clean.width_px, clean.height_px], [0, clean.height_px]]
    assert clean.corners == pytest.approx(np.array(expected), abs=0.51)


def test_what_cannot_be_drawn_is_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="expected I among"):
        sheet_picture({"II": ECG.mv}, FS, level="clean", rng=rng, layout="3x4")
    with pytest.raises(ValueError, match="one length"):
        sheet_picture({"II": ECG.mv, "V1": ECG.mv[:-1]}, FS, level="clean", rng=rng)
    with pytest.raises(ValueError, match="one length"):
        sheet_picture({}, FS, level="clean", rng=rng)
    with pytest.raises(ValueError, match="shown"):
        screen_picture(LEADS, FS, level="clean", rng=rng, shown=["V9"])
    with pytest.raises(ValueError, match="seconds"):
        sheet_picture(LEADS, FS, level="clean", rng=rng, seconds=0.01)
