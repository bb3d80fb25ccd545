from copy import deepcopy
from typing import Any

import pytest

from classify.explanations.figure import figure_of
from classify.explanations.reasons import explanation_reason
from classify.explanations.words import focus_words, part_words, stretch_words, tick_words
from tests.classify.explanations.conftest import RESULT


def changed(**values: Any) -> dict[str, Any]:
    return {**deepcopy(RESULT), **values}


@pytest.mark.parametrize(
    ("start", "stop", "unit", "words"),
    [
        (-0.12, -0.08, "s", "the 80–120 ms before R"),
        (0.041, 0.118, "s", "the 40–120 ms after R"),
        (-0.013, 0.067, "s", "the time from 10 ms before R to 70 ms after it"),
        (-1.3, -0.8, "s", "the 0.8–1.3 s before R"),
        (-0.4, -0.25, "rr", "the 0.25–0.4 RR before R"),
        (0.4, 0.52, "fraction", "the part from 40 to 52 % of the picture's width"),
    ],
)
def test_a_stretch_is_said_as_people_say_it(start: float, stop: float, unit: str, words: str) -> None:
    assert stretch_words(start, stop, unit) == words


def test_the_focus_says_how_much_is_lost() -> None:
    assert focus_words(RESULT) == (
        "The answer rests most on the 80–120 ms before R: with that covered, class V goes from 95 % to 41 %."
    )


def test_without_a_focus_it_says_that_nothing_stands_out() -> None:
    assert focus_words(changed(focus=None)).startswith("No single stretch")


@pytest.mark.parametrize(
    ("place", "unit", "label"),
    [(0.0, "s", "R"), (-0.2, "s", "−200 ms"), (1.0, "s", "+1 s"), (-1.5, "rr", "−1.5 RR"), (0.5, "fraction", "50 %")],
)
def test_ticks_count_from_r(place: float, unit: str, label: str) -> None:
    assert tick_words(place, unit) == label


def test_an_unknown_part_is_called_by_its_name() -> None:
    assert [part_words(part) for part in ("beat", "long_rhythm")] == ["The beat’s shape", "Long rhythm"]


@pytest.mark.parametrize(
    "code", ["model_gone", "picture_gone", "read_differently", "timeout", "worker_lost", "internal"]
)
def test_every_failure_has_a_sentence_and_a_next_step(code: str) -> None:
    why = explanation_reason(code)
    assert why.sentence.endswith(".")
    assert why.next_step.endswith(".")


# --- The figure -------------------------------------------------------------------------------------------------------
def test_shades_stand_where_probability_is_lost_and_darken_in_fixed_steps() -> None:
    near, far = figure_of(RESULT).panels
    assert [shade.level for shade in near.shades] == [3, 4]
    # 94 steps of 20 ms from -2 s: -120 ms, in a panel from -300 to +450 ms
    assert near.shades[0].x == pytest.approx((0.3 - 0.12) / 0.75 * 1000, abs=0.1)
    assert far.shades[0].x == pytest.approx(94 / 160 * 1000, abs=0.1)


def test_small_losses_are_not_shaded_however_large_beside_the_others() -> None:
    occlusion = deepcopy(RESULT["occlusion"])
    occlusion[0]["drop"] = [0.0] * 94 + [0.019] + [0.0] * 65
    assert figure_of(changed(occlusion=occlusion)).panels[0].shades == []


def test_the_class_map_is_a_strip_under_the_beat_alone() -> None:
    near, far = figure_of(RESULT).panels
    assert [shade.level for shade in near.heat] == [4, 1]
    assert far.heat == []


def test_a_trace_that_ends_is_drawn_as_far_as_it_goes() -> None:
    (line,) = figure_of(RESULT).panels[1].lines
    first = float(line.split()[0].split(",")[0])
    assert first == pytest.approx(40 / 319 * 1000, abs=0.1)


def test_ticks_hold_r_and_stay_few() -> None:
    for panel in figure_of(RESULT).panels:
        assert "R" in [tick.label for tick in panel.ticks]
        assert 3 <= len(panel.ticks) <= 7


def test_labels_that_would_touch_on_a_phone_are_marked_and_r_never_is() -> None:
    near, far = figure_of(RESULT).panels
    assert [(tick.label, tick.is_tight) for tick in near.ticks] == [
        ("−200 ms", False), ("R", False), ("+200 ms", False), ("+400 ms", True),
    ]  # fmt: skip
    assert not any(tick.is_tight for tick in far.ticks)


def test_a_crop_has_one_panel_along_its_width_and_no_parts() -> None:
    crop = changed(
        unit="fraction",
        trace={"start": 0.0, "stop": 1.0, "values": [0.0, 1.0, 0.0]},
        class_map={"start": 0.0, "stop": 1.0, "values": [1.0] * 128},
        occlusion=[{"part": "all", "unit": "fraction", "start": 0.0, "stop": 1.0, "drop": [0.3] * 50, "whole": 0.5}],
        focus={"start": 0.4, "stop": 0.5, "drop": 0.3},
    )
    figure = figure_of(crop)
    assert figure.parts == []
    assert [tick.label for tick in figure.panels[0].ticks][::2] == ["0 %", "40 %", "80 %"]


def test_each_part_says_what_is_left_without_it() -> None:
    rows = {row.label: row.after for row in figure_of(RESULT).parts}
    assert rows == {
        "The beat’s shape": pytest.approx(0.25),
        "The beats around it": pytest.approx(0.97),
        "The RR intervals": pytest.approx(0.85),
    }
