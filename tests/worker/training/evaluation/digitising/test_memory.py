import sys

import numpy as np
import pytest

from worker.training.evaluation.digitising.memory import peak_above_start_mb, peak_reset, start_mb


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not say it")
def test_a_peak_is_seen_after_it_is_gone_and_forgotten_when_asked():
    start_mb()
    peak_reset()
    before = peak_above_start_mb()
    held = np.ones(20_000_000)  # 153 MB
    del held
    assert peak_above_start_mb() - before > 120
    peak_reset()
    assert peak_above_start_mb() - before < 60
