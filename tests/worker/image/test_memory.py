"""The largest picture that is accepted does not fill a small worker."""

import multiprocessing

import pytest

from tests.bench.bench_reading import measured, photo

MOST_MB = 700  # above the loaded networks


def test_forty_megapixels_are_read_within_bounds():
    """Clouds and grain, in which squares, rows and words seem to be: nothing is left untried."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # nothing is left from before
        _, _, mb, end = pool.apply(measured, (photo(7745, 5164),))
    assert end == "not_an_ecg"
    if mb is None:
        pytest.skip("only Linux tells how much a process held at most")
    assert 100 < mb < MOST_MB
