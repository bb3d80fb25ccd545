from collections.abc import Callable
from typing import Any

import pytest

from classify.explanations.models import Explanation
from classify.explanations.queue import explanation_claim, explanation_complete
from classify.explanations.services import explanation_request
from tests.classify.conftest import NOW


def part(name: str, unit: str, start: float, stop: float, drop: list[float], whole: float) -> dict[str, Any]:
    return {"part": name, "unit": unit, "start": start, "stop": stop, "window": 0.08, "drop": drop, "whole": whole}


RESULT: dict[str, Any] = {
    "aami_class": "V",
    "probability": 0.95,
    "unit": "s",
    "trace": {"start": -2.0, "stop": 1.2, "values": [None] * 40 + [0.1, 0.2] * 60 + [1.0] + [0.1] * 159},
    "class_map": {"start": -0.3, "stop": 0.45, "values": [0.1] * 40 + [0.9] * 16 + [0.3] * 40},
    "occlusion": [
        part("all", "s", -2.0, 1.2, [0.0] * 94 + [0.3, 0.6] + [0.0] * 64, 0.9),
        part("beat", "s", -0.3, 0.45, [0.0] * 38, 0.7),
        part("rhythm", "s", -2.0, 1.2, [0.0] * 80, -0.02),
        part("intervals", "interval", -7.5, 4.5, [0.0] * 12, 0.1),
    ],
    "focus": {"start": -0.12, "stop": -0.08, "drop": 0.54},
}


@pytest.fixture
def prediction(make_prediction: Callable[..., Any], patient: Any) -> Any:
    return make_prediction(patient, "NNV")


@pytest.fixture
def ask(prediction: Any, alice_actor: Any) -> Callable[..., Explanation]:
    """``ask(2)`` asks about the third beat at nine thirty, as Alice."""

    def request(index: int = 2, *, at: Any = NOW) -> Explanation:
        beat = prediction.beats.get(index=index)
        return explanation_request(recording=prediction.recording, beat=beat, actor=alice_actor, at=at)

    return request


@pytest.fixture
def done(ask: Callable[..., Explanation]) -> Explanation:
    ask()
    claimed = explanation_claim(at=NOW)
    assert claimed is not None
    assert explanation_complete(claimed, RESULT, at=NOW)
    claimed.refresh_from_db()
    return claimed
