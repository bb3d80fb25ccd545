import numpy as np
import pytest

from worker.model.recording_prior import RecordingPrior, recording_adapted, recording_prior_of
from worker.model.registry import ArtifactError

PRIOR = RecordingPrior(share=0.02)
SURE_N, SURE_S, HALF_S = [4.0, 0, 0, 0, 0], [0, 4.0, 0, 0, 0], [1.0, 0.4, 0, 0, 0]


def classes(*rows):
    return recording_adapted(np.array(rows), PRIOR).argmax(axis=1)


def test_in_a_recording_of_many_s_beats_a_doubtful_one_is_s():
    assert classes(*[SURE_N] * 50, HALF_S)[-1] == 0
    assert classes(*[SURE_S] * 50, HALF_S)[-1] == 1


def test_a_recording_as_usual_is_left_as_it_is():
    logits = np.array([*[SURE_N] * 98, *[SURE_S] * 2], dtype=float)
    assert recording_adapted(logits, PRIOR) == pytest.approx(logits, abs=0.01)


def test_a_single_beat_moves_a_short_strip_little():
    moved = recording_adapted(np.array([SURE_S, HALF_S]), PRIOR)
    assert 0 < moved[1, 1] - 0.4 < 0.3


def test_the_move_is_bounded_and_the_other_classes_stay():
    logits = np.array([SURE_S] * 1000)
    moved = recording_adapted(logits, PRIOR)
    assert moved[:, 1] - logits[:, 1] == pytest.approx(PRIOR.most)
    assert np.array_equal(moved[:, [0, 2, 3, 4]], logits[:, [0, 2, 3, 4]])


def test_no_beats_and_no_prior_are_no_error():
    assert recording_adapted(np.empty((0, 5)), PRIOR).shape == (0, 5)
    assert recording_prior_of({}) is None


def test_a_manifest_with_other_keys_is_refused():
    assert recording_prior_of({"recording_prior": {"share": 0.03, "part": 0.4}}) == RecordingPrior(0.03, part=0.4)
    with pytest.raises(ArtifactError, match="recording_prior"):
        recording_prior_of({"recording_prior": {"shares": 1}})
