"""Committed pictures through the shipped networks, against the recorded answers.

After a change that is meant to change answers, record them anew and read the difference before committing:

    python -m tests.worker.test_golden
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from worker.errors import EcgError
from worker.image.decode import decode_picture
from worker.model.registry import Classifiers, load_active
from worker.pipeline import Request, classify_pictures
from worker.results import prediction_dict

GOLDEN = Path(__file__).parent / "golden"
ANSWERS = GOLDEN / "answers.json"


def answers_of(models: Classifiers) -> dict[str, Any]:
    paths = sorted(GOLDEN.glob("*.png"))
    ends = classify_pictures([Request(decode_picture(path.read_bytes())) for path in paths], models=models)
    return {path.name: _answer(end) for path, end in zip(paths, ends, strict=True)}


def _answer(end: Any) -> dict[str, Any]:
    if isinstance(end, EcgError):
        return {"code": end.code}
    document = prediction_dict(end)
    return {
        "kind": end.kind,
        "model": document["model"],
        "rate_bpm": end.rate_bpm,
        "classes": "".join(beat.aami_class for beat in end.beats),
        "confidences": [round(beat.confidence, 4) for beat in end.beats],
        "boxes": [list(beat.box) for beat in end.beats],
    }


def farthest_px(boxes: list[list[int]], expected: list[list[int]]) -> int:
    """How far edges are apart at most.  Processors differ in the last digits of sums, and edges are rounded."""
    assert len(boxes) == len(expected)
    return int(np.abs(np.subtract(boxes, expected)).max(initial=0))


def test_the_shipped_models_answer_as_recorded(models):
    recorded, answered = json.loads(ANSWERS.read_text()), answers_of(models)
    assert set(answered) == set(recorded)
    for name, expected in recorded.items():
        answer = answered[name]
        assert answer.get("code") == expected.get("code"), name
        if "code" in expected:
            continue
        for key in ("kind", "model", "classes"):
            assert answer[key] == expected[key], f"{name}: {key}"
        assert farthest_px(answer["boxes"], expected["boxes"]) <= 1, name
        assert answer["rate_bpm"] == pytest.approx(expected["rate_bpm"], abs=0.2)
        # Processors differ in the last digits of a network's sums.
        assert answer["confidences"] == pytest.approx(expected["confidences"], abs=0.02)


if __name__ == "__main__":
    ANSWERS.write_text(json.dumps(answers_of(load_active()), indent=1) + "\n")
