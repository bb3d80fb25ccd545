import numpy as np
import pytest

from worker.generator.page import Text
from worker.image.sheet.scale_reader import LOOK_PX, SCALES
from worker.training.sheet_readers.fit import FitSettings
from worker.training.sheet_readers.scale_fit import LookSequence, build_scale_network
from worker.training.sheet_readers.scale_looks import NONE_OF_THESE, Looks, looks_drawn, scales_printed


def said(words):
    return [(("none", *SCALES)[label]) for label, _ in scales_printed(Text(words, 5.0, 5.0, 3.0), 6.0)]


@pytest.mark.parametrize(
    ("words", "signs"),
    [
        ("25 mm/s  10 mm/mV  0.05-150 Hz", ["25 mm/s", "10 mm/mV"]),
        ("Speed: 50.0mm/sec / [5mm/mV]", ["50 mm/s", "5 mm/mV"]),
        ("12.5 mm/s, 2.5 mm/mV", ["none", "none"]),
        ("HR 75 bpm", []),
    ],
)
def test_scales_are_found_in_words_and_other_numbers_are_none(words, signs):
    assert said(words) == signs


def test_a_scale_has_its_middle_where_it_is_printed():
    words = "25 mm/s              10 mm/mV"
    (_, first), (_, second) = scales_printed(Text(words, 5.0, 5.0, 3.0), 6.0)
    assert 5.0 < first[0] < second[0] - 12.0
    assert first[1] == pytest.approx(second[1])


def test_the_same_seed_draws_the_same_looks_and_all_labels():
    looks = looks_drawn(60, 3)
    again = looks_drawn(60, 3)
    assert looks.pixels.shape == (60, *LOOK_PX)
    assert np.array_equal(looks.pixels, again.pixels)
    assert set(looks.labels) == {NONE_OF_THESE, *range(1, 1 + len(SCALES))}
    assert not np.array_equal(looks.labels, looks_drawn(60, 4).labels)


def test_the_network_scores_each_look_of_a_batch():
    levels = np.array([0, 60, 220], np.uint8)
    looks = Looks(np.tile(levels[:, None, None], (1, *LOOK_PX)), np.array([0, 1, 2], np.uint8))
    pixels, labels = LookSequence(looks, FitSettings(batch=16))[0]
    assert build_scale_network()(pixels).shape == (16, 1 + len(SCALES))
    shades = pixels.mean(axis=(1, 2, 3))
    assert shades[labels == 0].max() < shades[labels == 1].min()
    assert shades[labels == 1].max() < shades[labels == 2].min(), "each look keeps its label"
