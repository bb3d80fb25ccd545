"""What is no ECG is refused; what is hard goes to a person; neither is ever answered."""

import numpy as np
import pytest

from tests.worker import others
from worker.errors import EcgError, Outcome
from worker.image.decode import Picture
from worker.image.reading import read_picture

REFUSED = {"not_an_ecg", "blank_picture"}
TRIES = 3


@pytest.mark.parametrize("make", others.NOT_ECG, ids=lambda make: make.__name__)
def test_what_is_no_ecg_is_refused(make):
    for seed in range(TRIES):
        with pytest.raises(EcgError) as caught:
            read_picture(Picture(np.ascontiguousarray(make(np.random.default_rng(seed)))))
        assert caught.value.code in REFUSED, f"seed {seed}: {caught.value}"
        assert caught.value.outcome is Outcome.REFUSED


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_picture_of_one_colour_is_refused_as_blank_or_no_ecg(shade):
    with pytest.raises(EcgError) as caught:
        read_picture(Picture(np.full((200, 500, 3), shade, np.uint8)))
    assert caught.value.code in REFUSED
    if shade == 255:
        assert caught.value.code == "blank_picture"
