import numpy as np
import pytest
from PIL import Image

from tests.worker import drawings, others
from worker.image.decode import Picture
from worker.image.read import read_picture
from worker.training.__main__ import main
from worker.training.pictures.overlays import overlay, read_or_error, said_of


@pytest.fixture(scope="module")
def strip() -> Picture:
    drawn = drawings.paper_strip(drawings.made_up_ecg(np.random.default_rng(1)), px_per_mm=6, grid="blue")
    return Picture(drawn.rgb)


def test_the_curve_lies_on_the_trace_in_a_colour_of_its_own(strip):
    reading = read_picture(strip)
    shown = np.asarray(overlay(strip, reading)).astype(int)
    scale = shown.shape[1] / strip.width_px
    x, y = (reading.leads[0].at_px[::50] * scale).astype(int).T
    reddest = np.array([shown[b - 2 : b + 3, a].reshape(-1, 3)[:, 0].max() for a, b in zip(x, y, strict=True)])
    greenest = np.array([shown[b - 2 : b + 3, a].reshape(-1, 3)[:, 1].min() for a, b in zip(x, y, strict=True)])
    assert (reddest - greenest > 100).mean() > 0.9


def test_what_was_read_is_said_in_a_line(strip):
    assert said_of(read_picture(strip)).startswith("strip rows-1, 25 mm/s assumed, 10 mm/mV assumed, quality ")


def test_a_refused_picture_is_shown_as_it_is():
    letter = Picture(others.text_page(np.random.default_rng(1)))
    end = read_or_error(letter)
    assert said_of(end).startswith("not_an_ecg")
    shown = overlay(letter, end)
    assert shown.width / shown.height == pytest.approx(letter.width_px / letter.height_px, rel=0.01)


def test_every_picture_of_a_folder_is_on_the_sheet_even_a_broken_one(tmp_path, strip):
    Image.fromarray(strip.rgb).save(tmp_path / "a.png")
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (tmp_path / "notes.txt").write_text("not a picture")
    out = tmp_path / "sheet.png"
    assert main(["overlays", str(tmp_path), "--out", str(out)]) == 0
    sheet = Image.open(out)
    assert sheet.width == 2000
    assert sheet.height > strip.height_px * 1000 / strip.width_px


def test_a_folder_without_pictures_is_said_in_a_line(tmp_path, capsys):
    assert main(["overlays", str(tmp_path), "--out", str(tmp_path / "sheet.png")]) == 1
    assert "No picture in" in capsys.readouterr().err
