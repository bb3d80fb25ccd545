import subprocess
import sys

import pytest

# A process of its own: what other tests hold and give back would count here.
HOLD_AND_FORGET = """
import numpy as np
from worker.training.evaluation.digitising.memory import peak_above_start_mb, peak_reset, start_mb

start_mb()
held = np.ones(20_000_000)  # 153 MB
del held
print(peak_above_start_mb())
peak_reset()
print(peak_above_start_mb())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not say it")
def test_a_peak_is_seen_after_it_is_gone_and_forgotten_when_asked():
    run = subprocess.run([sys.executable, "-c", HOLD_AND_FORGET], capture_output=True, text=True, check=True)
    peak, after_reset = (float(line) for line in run.stdout.split())
    assert peak > 120
    assert after_reset < 60
