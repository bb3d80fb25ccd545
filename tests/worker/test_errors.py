import pickle

import pytest

from worker.errors import OUTCOME_OF_CODE, EcgError, Outcome
from worker.reasons import REASONS


def test_every_code_has_its_sentences():
    assert set(REASONS) == set(OUTCOME_OF_CODE)
    assert all(sentence and next_step for sentence, next_step in REASONS.values())


def test_an_unknown_code_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="unknown EcgError code"):
        EcgError("no_such_code")


def test_a_code_that_tells_the_kind_of_picture_says_it():
    assert EcgError("not_an_ecg").kind == "not_ecg"
    assert EcgError("not_an_ecg").outcome == Outcome.REFUSED
    assert EcgError("trace_unclear").kind is None
    assert EcgError("trace_unclear", kind="strip").kind == "strip"


def test_an_end_goes_from_one_process_to_another():
    sent = pickle.loads(pickle.dumps(EcgError("trace_unclear", "too few beats", kind="strip")))
    assert (sent.code, sent.detail, sent.kind, str(sent)) == (
        "trace_unclear",
        "too few beats",
        "strip",
        "trace_unclear: too few beats",
    )
