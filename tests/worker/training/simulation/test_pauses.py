"""What the simulated pauses were drawn from."""

import numpy as np
import pytest

from worker.training.records import DS1, RecordsMissing, data_folder, record_load
from worker.training.simulation.plans import N, S

pytestmark = pytest.mark.data
FIBRILLATING = ("201", "203")
LONG = 2.15  # of the median of the five intervals before


def test_without_an_early_beat_ds1_has_next_to_no_pause_above_twice_the_interval():
    try:
        folder = data_folder(None)
    except RecordsMissing as reason:
        pytest.skip(str(reason))
    counted = {N: [0, 0], S: [0, 0]}
    for name in (name for name in DS1 if name not in FIBRILLATING):
        record = record_load(folder, name)
        rr = np.diff(record.samples)
        for beat in range(6, len(record.labels)):
            before = record.labels[beat - 1]
            if record.labels[beat] == N and before in counted:
                counted[before][0] += 1
                counted[before][1] += rr[beat - 1] >= LONG * np.median(rr[beat - 6 : beat - 1])
    assert counted == {N: [38_649, 8], S: [375, 2]}
