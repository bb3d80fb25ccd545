"""The largest picture that is accepted does not fill a small worker."""

import subprocess
import sys

MOST_MB = 700
SCRIPT = """
import resource
import numpy as np
from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.read import read_picture
rgb = np.random.default_rng(0).integers(120, 256, (5164, 7745, 3), dtype=np.uint8)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_picture(Picture(rgb))
except EcgError:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_forty_megapixels_are_read_within_bounds():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=120)
    assert int(done.stdout) / 1024 < MOST_MB
