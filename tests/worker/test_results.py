"""When an answer asks for a person."""

from collections.abc import Sequence

import pytest

from worker.ecg.rhythm import rhythm_dict
from worker.results import BeatResult, EcgResult, ModelIdentity, prediction_dict


def result_of(unsure: Sequence[bool]) -> EcgResult:
    beats = tuple(
        BeatResult(
            index=index,
            aami_class="N",
            probabilities={"N": 0.6, "S": 0.1, "V": 0.1, "F": 0.1, "Q": 0.1},
            confidence=0.6,
            unsure=is_unsure,
            lead=None,
            box=(0, 0, 10, 10),
            r_peak_s=None,
        )
        for index, is_unsure in enumerate(unsure)
    )
    return EcgResult("strip", beats, ModelIdentity("context", "1.0.0", "a" * 64), 100, 100)


@pytest.mark.parametrize(("unsure", "all_beats"), [(0, 1), (0, 12), (3, 10), (3, 12)])
def test_up_to_three_tenths_unsure_is_an_answer(unsure, all_beats):
    assert result_of([index < unsure for index in range(all_beats)]).reason is None


@pytest.mark.parametrize(("unsure", "all_beats"), [(1, 1), (1, 3), (4, 13), (4, 10), (12, 12)])
def test_more_than_three_tenths_unsure_asks_for_a_person(unsure, all_beats):
    assert result_of([index < unsure for index in range(all_beats)]).reason == "too_many_unsure"


def test_the_rhythm_is_measured_from_the_beats_and_stands_beside_the_summary():
    result = result_of([False] * 12)
    assert result.rhythm.reasons["rate_bpm"] == "no_time_scale"
    document = prediction_dict(result)
    assert list(document) == ["model", "summary", "rhythm", "beats"]
    assert document["rhythm"] == rhythm_dict(result.rhythm)
    assert document["rhythm"]["ventricular"]["couplets"] == 0
