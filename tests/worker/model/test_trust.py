import numpy as np
import pytest

from worker.image.reading import LeadReading
from worker.model.trust import is_trusted, trusted_leads


def read(name, seconds, fs=100.0):
    n = int(seconds * 100)
    return LeadReading(np.zeros(n), None, fs, np.empty(0, int), np.zeros((n, 2)), (), np.zeros(n, bool), 90, name)


CARD = {"metrics": {"ds2": {"lead": {"V5": {"macro_f1_nsv": 0.93}, "V2": {"macro_f1_nsv": 0.35}, "V4": {}}}}}


def test_leads_with_a_good_row_are_trusted():
    assert trusted_leads(CARD) == {"II", "MLII", "V5"}
    assert trusted_leads({}) == {"II", "MLII"}


@pytest.mark.parametrize(("lead", "trusted"), [("II", True), ("V5", True), ("V2", False), ("aVR", False), (None, True)])
def test_a_beat_of_another_lead_is_unsure(lead, trusted):
    assert is_trusted("N", read(lead, 10.0), trusted_leads(CARD)) is trusted


def test_s_needs_six_seconds_of_one_lead():
    leads = trusted_leads(CARD)
    assert not is_trusted("S", read("II", 5.9), leads)
    assert is_trusted("S", read("II", 6.0), leads)
    assert is_trusted("V", read("II", 2.5), leads)
    assert is_trusted("S", read("II", 2.5, fs=None), leads)
