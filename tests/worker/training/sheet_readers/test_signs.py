import keras
import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn
from worker.generator.sheet_style import SheetStyle
from worker.image.sheet.sign_reader import CELL_PX, SIGNS, SignReader
from worker.training.sheet_readers.fit import FitSettings
from worker.training.sheet_readers.flat import SeenPage
from worker.training.sheet_readers.sign_fit import sign_loss, sign_network_fit, signs_told, turned
from worker.training.sheet_readers.sign_network import build_sign_network
from worker.training.sheet_readers.tiles import (
    NO_SIGN,
    SIDE_PX,
    UNDECIDED,
    Tiles,
    _chosen,
    signs_printed,
    tiles_of,
)

STYLE = SheetStyle(pulses="left", header=False, footer=True)


@pytest.fixture(scope="module")
def page():
    return SeenPage(drawn("scan", 3, "3x4+1", STYLE))


def test_all_signs_of_a_page_are_known(page):
    found = [sign for sign, _ in signs_printed(page.picture)]
    assert found.count("pulse") == 4
    assert found.count("II") == 2
    assert found.count("aVR") == 1
    assert "25 mm/s" in found
    assert "10 mm/mV" in found


def test_signs_are_where_dark_letters_are(page):
    tiles = tiles_of(page, 12, np.random.default_rng(2))
    assert tiles.pixels.shape == (12, SIDE_PX, SIDE_PX, 3)
    darker = []
    for pixels, cells in zip(tiles.pixels, tiles.cells, strict=True):
        signs = np.kron(((cells != NO_SIGN) & (cells != UNDECIDED)).astype(np.uint8), np.ones((CELL_PX, CELL_PX)))
        if signs.any():
            darker.append(np.quantile(pixels[signs == 1], 0.9) > np.quantile(pixels, 0.9))
    assert len(darker) >= 5
    assert np.mean(darker) > 0.8


def scores_of(cells, right=6.0):
    scores = np.zeros((*cells.shape, 1 + len(SIGNS)), np.float32)
    labels = np.where(cells == UNDECIDED, 0, cells)
    np.put_along_axis(scores, labels[..., None].astype(int), right, axis=-1)
    return scores


def test_right_signs_cost_less_and_undecided_cells_nothing():
    cells = np.array([[[0, 0, 3], [UNDECIDED, 3, 0], [0, 5, 0]]], np.uint8)
    right, none = scores_of(cells), scores_of(np.zeros_like(cells))
    assert float(sign_loss(cells, right)[0]) < 0.3 * float(sign_loss(cells, none)[0])
    assert float(signs_told(cells, right)) == 1
    assert float(signs_told(cells, none)) == 0
    other = right.copy()
    other[0, 1, 0] = -50 * np.arange(1 + len(SIGNS))
    assert float(sign_loss(cells, other)[0]) == float(sign_loss(cells, right)[0])


def test_a_small_fit_ends_with_a_network(tmp_path):
    tiles = Tiles(np.zeros((2, SIDE_PX, SIDE_PX, 3), np.uint8), np.zeros((2, SIDE_PX // 4, SIDE_PX // 4), np.uint8))
    model = sign_network_fit(tiles, FitSettings(seed=1, epochs=1, steps=2), tmp_path)
    assert isinstance(model, keras.Model)
    assert (tmp_path / "network.keras").is_file()
    assert build_sign_network(None)(np.zeros((1, 16, 24, 3), np.float32)).shape == (1, 4, 6, 1 + len(SIGNS))


def test_a_fit_goes_on_from_what_is_shipped(page, tmp_path):
    tiles = tiles_of(page, 4, np.random.default_rng(2))
    settings = FitSettings(seed=1, epochs=1, steps=1, batch=2, rate=1e-9)
    fresh, going_on = (sign_network_fit(tiles, settings, tmp_path / str(on), go_on=on) for on in (False, True))
    pixels = tiles.pixels.astype(np.float32) / 255
    told = [float(np.mean(signs_told(tiles.cells, np.asarray(model(pixels))))) for model in (fresh, going_on)]
    assert told[1] > 0.6 > told[0]


def test_speed_and_gain_are_looked_at_more_often_than_a_name():
    signs = [(sign, np.zeros(2)) for sign in ("II", "V1", "25 mm/s", "10 mm/mV")]
    rng = np.random.default_rng(3)
    chosen = np.bincount([_chosen(signs, rng) for _ in range(400)], minlength=4)
    assert chosen[2:].min() > 2 * chosen[:2].max()


class Drawn:
    """A network that sees what is drawn in red: the number of a sign."""

    def scores(self, batch):
        assert batch.shape[1] % CELL_PX == 0
        assert batch.shape[2] % CELL_PX == 0
        cells = batch[:, ::CELL_PX, ::CELL_PX, 0].round().astype(np.uint8)
        return scores_of(cells)


def test_signs_are_found_once_and_where_they_are():
    page = np.zeros((203, 301, 3), np.float32)
    for number, (y, x) in {1: (40, 60), 8: (120, 200)}.items():
        page[y : y + 3 * CELL_PX, x : x + 3 * CELL_PX, 0] = number
    found = SignReader(Drawn()).read(page)
    assert [sign.sign for sign in found] == [SIGNS[0], SIGNS[7]]
    assert np.array([(sign.x, sign.y) for sign in found]) == pytest.approx(np.array([[66, 46], [206, 126]]), abs=0.01)
    assert all(sign.score > 0.8 for sign in found)


def test_what_does_not_stand_upright_is_no_sign_unless_it_looks_the_same():
    cells = np.zeros((1, 8, 8), np.uint8)
    cells[0, 0, 0], cells[0, 0, 4], cells[0, 4, 0] = (1 + SIGNS.index(sign) for sign in ("II", "V1", "pulse"))
    pixels = np.arange(64.0).reshape(1, 8, 8, 1)
    upside_down, told = turned(pixels, cells, 2)
    assert (upside_down[0, ::-1, ::-1] == pixels[0]).all()
    assert told[0, 7, 7] == UNDECIDED
    assert (np.delete(told.ravel(), 63) == NO_SIGN).all()
    on_its_side, told = turned(pixels, cells, 1)
    assert on_its_side[0, 0, 7] == pixels[0, 0, 0]
    assert (told == NO_SIGN).all()
