import numpy as np
import pytest

from worker.image.sheet.bare import bare_map

LONGEST_MM = 700.0


@pytest.mark.parametrize("shape", [(1900, 400), (400, 1900), (900, 900)])
def test_a_short_row_makes_no_huge_page_of_a_picture_whichever_side_is_longer(shape):
    rgb = np.full((*shape, 3), 255, np.uint8)
    middle = shape[0] // 2
    rgb[middle : middle + 5, 100:220] = 0
    paper = bare_map(rgb, 250.0)
    assert max(shape) / paper.line_px[0] * 5 <= LONGEST_MM * 1.001
