import io

import numpy as np
import pytest
from PIL import Image

from tests.worker.drawings import made_up_ecg
from worker.generator.contact_sheet import contact_sheet
from worker.generator.picture import strip_picture
from worker.generator.sheet_picture import sheet_picture


def test_pictures_stand_one_above_the_other_in_a_small_png():
    ecg = made_up_ecg(np.random.default_rng(0), seconds=3.0)
    pictures = [strip_picture(ecg.mv, ecg.fs, level=level, rng=np.random.default_rng(0)) for level in ("clean", "scan")]
    sheet = Image.open(io.BytesIO(contact_sheet(pictures, width_px=400)))
    heights = [picture.height_px * 400 / picture.width_px for picture in pictures]
    assert sheet.format == "PNG"
    assert sheet.width == 400
    assert sheet.height > sum(heights)
    columns = np.asarray(sheet.convert("L"))[int(heights[0]) + 10 :]
    assert columns.min() < 100


def test_sheets_stand_beside_each_other():
    ecg = made_up_ecg(np.random.default_rng(0), seconds=3.0)
    leads = {"II": ecg.mv, "V1": -ecg.mv}
    pictures = [sheet_picture(leads, ecg.fs, level="clean", rng=np.random.default_rng(seed)) for seed in range(3)]
    sheet = Image.open(io.BytesIO(contact_sheet(pictures, width_px=600, columns=2)))
    heights = [picture.height_px * 296 / picture.width_px for picture in pictures]
    assert sheet.height == pytest.approx(max(heights[:2]) + heights[2] + 2 * 23, abs=3)
