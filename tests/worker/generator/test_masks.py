import dataclasses

import numpy as np
import pytest

from tests.worker.drawings import made_up_ecg
from worker.generator.levels import level_named
from worker.generator.masks import grid_mask, marks_mask, pulse_mask, separator_mask, text_mask, trace_mask
from worker.generator.picture import strip_picture
from worker.generator.sheet_picture import screen_picture, sheet_picture
from worker.generator.sheet_style import SheetStyle
from worker.image.decode import decode_picture

ECG = made_up_ecg(np.random.default_rng(4), seconds=6.0)
LEADS = {"II": ECG.mv, "V5": -0.7 * ECG.mv}
STYLE = SheetStyle(pulses="left", header=True, words_mm=3.2)


def plain(level: str, **changes):
    return dataclasses.replace(level_named(level), shadow=0.0, glare=0.0, hand=0.0, crease=0.0, **changes)


def sheet(level, seed: int = 1, **options):
    return sheet_picture(LEADS, ECG.fs, level=level, rng=np.random.default_rng(seed), style=STYLE, **options)


def dark(picture) -> np.ndarray:
    return 255.0 - decode_picture(picture.data).rgb.mean(axis=2)


@pytest.mark.parametrize("level", ["clean", "photo"])
@pytest.mark.parametrize("turns", [0, 1])
def test_curves_pulses_and_letters_are_all_the_dark_ink_of_white_paper(level, turns):
    level = plain(level, sheet_colours=("white",), inks=("black",), sheet_table=0.0, fade=(0.0, 0.0), pen=0.0)
    level = dataclasses.replace(level, stamp=0.0, punch=0.0, staple=0.0, curl_mm=(0.0, 1.0), margin_mm=(1.0, 1.0))
    picture = sheet(level, quarter_turns=turns)
    ink = np.maximum.reduce([trace_mask(picture), pulse_mask(picture), text_mask(picture)])
    assert ink.shape == (picture.height_px, picture.width_px)
    darkness = dark(picture)
    on_page = darkness < np.percentile(darkness, 99.9) + 1
    assert np.corrcoef(ink[on_page], darkness[on_page])[0, 1] > 0.8


def test_a_trace_mask_can_be_of_one_lead():
    picture = sheet("clean")
    both, one = trace_mask(picture), trace_mask(picture, picture.rows[:1])
    y = picture.rows[0].trace_px[:, 1].max() + 3
    assert 0.3 < one.sum() / both.sum() < 0.7
    assert one[int(y) :].max() == 0


def test_the_grid_mask_lies_on_the_paper_s_lines():
    level = plain("clean", sheet_colours=("brick",), lines=("solid",), sheet_table=1.0)
    picture = sheet(level)
    grid = grid_mask(picture)
    rgb = decode_picture(picture.data).rgb.astype(float)
    free = (trace_mask(picture) + pulse_mask(picture) + text_mask(picture)) == 0
    assert np.corrcoef(grid[free], -rgb[..., 1][free])[0, 1] > 0.8
    assert grid_mask(sheet(plain("clean", sheet_colours=("white",)))).max() == 0


def test_marks_and_separators_have_masks_of_their_own():
    level = plain("photo", pen=1.0, stamp=1.0, punch=1.0, staple=1.0, sheet_table=1.0)
    picture = sheet(level)
    marks = marks_mask(picture)
    assert 0.001 < (marks > 0.5).mean() < 0.2
    assert separator_mask(picture).max() == 0
    twelve = dict.fromkeys(("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"), ECG.mv)
    style = dataclasses.replace(STYLE, separator="dotted")
    columns = sheet_picture(twelve, ECG.fs, level="clean", rng=np.random.default_rng(0), layout="3x4", style=style)
    assert separator_mask(columns).max() == 1


def test_strips_and_screens_have_masks_too():
    strip = strip_picture(ECG.mv, ECG.fs, level="photo", rng=np.random.default_rng(0))
    assert np.corrcoef(trace_mask(strip).ravel(), dark(strip).ravel())[0, 1] > 0.4
    screen = screen_picture(LEADS, ECG.fs, level="clean", rng=np.random.default_rng(0))
    assert np.corrcoef(trace_mask(screen).ravel(), -dark(screen).ravel())[0, 1] > 0.5
