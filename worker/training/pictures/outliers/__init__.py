"""Pictures that are no ECG, to measure how well they are told apart; all made from seeds, or shipped by a package.

Families are in two halves, so that what is chosen on one half is reported on kinds of pictures that were never seen.
"""

from collections.abc import Callable, Iterator
from typing import Final, Literal

import numpy as np

from worker.training.pictures.demo_pictures import crop_drawn, strip_drawn
from worker.training.pictures.outliers.charts import CHARTS, figure_drawn
from worker.training.pictures.outliers.curves import CURVES
from worker.training.pictures.outliers.scenes import SCENES

Half = Literal["tuning", "report"]
Rng = np.random.Generator
SEED: Final = 20261124


def _curve_family(curve: Callable[[Rng], np.ndarray]) -> Callable[[Rng], np.ndarray]:
    return lambda rng: curve_pictured(curve(rng), rng)


FAMILIES: Final[dict[str, Callable[[Rng], np.ndarray]]] = {
    **{curve.__name__: _curve_family(curve) for curve in CURVES},
    **{chart.__name__: chart for chart in CHARTS},
    **{scene.__name__: scene for scene in SCENES},
}


def families_of(half: Half) -> list[str]:
    """Every second family, so that both halves hold curves, charts and scenes."""
    return list(FAMILIES)[0 if half == "tuning" else 1 :: 2]


def outlier_pictures(half: Half, each: int, *, first: int = 0) -> Iterator[tuple[str, int, np.ndarray]]:
    """Family, number and pixels of ``each`` pictures a family.

    Parameters
    ----------
    half : {"tuning", "report"}
    each : int
    first : int
        Number of the first picture; other numbers are other pictures of the same families.

    Yields
    ------
    family : str
    number : int
    pixels : ndarray of uint8, shape (height, width, 3)
    """
    for family in families_of(half):
        for number in range(first, first + each):
            rng = np.random.default_rng([SEED, number, *family.encode()])
            yield family, number, np.ascontiguousarray(FAMILIES[family](rng))


def curve_pictured(values: np.ndarray, rng: Rng) -> np.ndarray:
    """A curve as a page might show it: on ECG paper, bare on white, or in a chart with axes."""
    style = rng.choice(("paper", "bare", "chart"), p=(0.35, 0.35, 0.30))
    if style == "paper":
        scaled = (values - values.mean()) / max(float(np.ptp(values)), 1e-9) * rng.uniform(1.0, 2.5)
        return strip_drawn(scaled, len(values) / rng.uniform(5, 10), int(rng.integers(5, 10)))
    if style == "bare":
        return crop_drawn(values, (int(rng.integers(300, 1200)), int(rng.integers(160, 360))))
    return figure_drawn(
        lambda plot: plot.plot(values, color="black", linewidth=1.0), inches=(float(rng.uniform(5, 10)), 3.0)
    )
