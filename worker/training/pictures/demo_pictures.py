"""The demo hospital's pictures, and the example beats of the class descriptions.

Drawn from records that no model is trained on (DS2; 104 and 217 for paced beats).  Which beats is fixed by
rule, before any model ran, so that a wrong answer stays visible:

* Hospital 0 takes the first record, hospital 1 the second, of the list that holds at least ``RULE_COUNT`` beats
  of the class; paced beats come from 104 for hospital 0 and from 217 for hospital 1.
* A crop shows the record's 8th beat of the class in the paper's window.
* A strip shows ten seconds around the record's 20th beat of the class.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import cv2
import numpy as np
from tqdm import tqdm

from worker.ecg.annotations import AAMI_CLASS_OF_SYMBOL, AAMI_CLASSES, AamiClass
from worker.ecg.beats import paper_window
from worker.training.records import DS2, PACED_TEST, Record, record_load

HOSPITALS: Final = (0, 1)
CROP_ORDINAL: Final = 8
STRIP_ORDINAL: Final = 20
RULE_COUNT: Final[dict[str, dict[AamiClass, int]]] = {
    "beat": {"N": 30, "S": 30, "V": 30, "F": 10, "Q": 30},
    "strip": {"N": 30, "S": 30, "V": 100, "Q": 30},
}
STRIP_S: Final = 10.0
SPEED_MM_S: Final = 25.0
GAIN_MM_MV: Final = 10.0
STRIP_PX_PER_MM: Final = (8, 10)  # of hospital 0 and 1
CROP_SIZE_PX: Final = ((256, 256), (320, 240))

# Red-green-blue, as the portal draws ECG paper.
PAPER_RGB: Final = (255, 247, 245)
MINOR_RGB: Final = (246, 213, 207)
MAJOR_RGB: Final = (233, 167, 156)
TRACE_RGB: Final = (17, 17, 17)
_SHIFT: Final = 4  # cv2 draws at sixteenths of a pixel

ATTRIBUTION: Final = """# Where these pictures come from

Drawn by Beatline (`python -m worker.training demo-pictures`) from the MIT-BIH Arrhythmia Database 1.0.0,
which is made available under the Open Data Commons Attribution License 1.0 (ODC-By 1.0).

* Moody GB, Mark RG. The impact of the MIT-BIH Arrhythmia Database. IEEE Eng in Med and Biol 20(3):45-50, 2001.
* Goldberger AL, et al. PhysioBank, PhysioToolkit, and PhysioNet. Circulation 101(23):e215-e220, 2000.
  https://physionet.org/content/mitdb/1.0.0/

`pictures.json` names the record, sample and lead of each, and what the database's annotators said. No model is
trained on these records. The rule that chose the beats stands in `worker/training/pictures/demo_pictures.py`.
"""


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """One picture and what the database says about it; ``samples`` are those of the beats within."""

    file: str
    hospital: int
    kind: Literal["beat", "strip"]
    record: str
    lead: str
    sample: int
    symbol: str
    aami_class: AamiClass
    beats: list[dict[str, Any]]


def demo_pictures_draw(data: Path, folder: Path) -> list[DemoPicture]:
    """Draw all pictures with ``pictures.json`` and ``ATTRIBUTION.md`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    records = {name: record_load(data, name) for name in tqdm(DS2 + PACED_TEST, desc="reading", unit="record")}
    pictures = []
    for picture, pixels in _drawn(records):
        (folder / picture.file).write_bytes(png_bytes(pixels))
        pictures.append(picture)
    listing = json.dumps([asdict(picture) for picture in pictures], indent=1)
    (folder / "pictures.json").write_text(listing + "\n")
    (folder / "ATTRIBUTION.md").write_text(ATTRIBUTION)
    return pictures


def _drawn(records: dict[str, Record]) -> Iterator[tuple[DemoPicture, np.ndarray]]:
    for hospital in HOSPITALS:
        for aami_class in RULE_COUNT["beat"]:
            record = record_by_rule(records, aami_class, hospital, RULE_COUNT["beat"][aami_class])
            index = nth_beat(record, aami_class, CROP_ORDINAL)
            first, last = paper_window(int(record.samples[index - 1]), int(record.samples[index + 1]), record.fs)
            pixels = crop_drawn(record.signal()[first:last], CROP_SIZE_PX[hospital])
            yield _described(record, index, hospital, "beat", (first, last)), pixels
        for aami_class in RULE_COUNT["strip"]:
            record = record_by_rule(records, aami_class, hospital, RULE_COUNT["strip"][aami_class])
            index = nth_beat(record, aami_class, STRIP_ORDINAL)
            length = int(STRIP_S * record.fs)
            first = min(max(int(record.samples[index]) - length // 2, 0), len(record.signals_mv) - length)
            pixels = strip_drawn(record.signal()[first : first + length], record.fs, STRIP_PX_PER_MM[hospital])
            yield _described(record, index, hospital, "strip", (first, first + length)), pixels


def record_by_rule(records: dict[str, Record], aami_class: AamiClass, hospital: int, at_least: int) -> Record:
    """The first (hospital 0) or second (hospital 1) record in order with enough beats of a class."""
    label = AAMI_CLASSES.index(aami_class)
    names = PACED_TEST if aami_class == "Q" else DS2
    enough = [records[name] for name in names if (records[name].labels == label).sum() >= at_least]
    return enough[hospital]


def nth_beat(record: Record, aami_class: AamiClass, ordinal: int) -> int:
    """Position of the n-th beat (from 1) of a class in ``record.samples``."""
    return int(np.flatnonzero(record.labels == AAMI_CLASSES.index(aami_class))[ordinal - 1])


def _described(
    record: Record, index: int, hospital: int, kind: Literal["beat", "strip"], bounds: tuple[int, int]
) -> DemoPicture:
    symbol = record.symbols[index]
    aami_class = AAMI_CLASS_OF_SYMBOL[symbol]
    shown = [index] if kind == "beat" else np.flatnonzero((record.samples >= bounds[0]) & (record.samples < bounds[1]))
    beats = [
        {
            "sample": int(record.samples[i]),
            "r_peak_s": round((int(record.samples[i]) - bounds[0]) / record.fs, 3),
            "symbol": record.symbols[i],
            "aami_class": AAMI_CLASS_OF_SYMBOL.get(record.symbols[i]),
        }
        for i in shown
    ]
    sample = int(record.samples[index])
    file = f"{kind}_{hospital}_{aami_class}_{record.name}_{sample}.png"
    return DemoPicture(file, hospital, kind, record.name, record.lead, sample, symbol, aami_class, beats)


def crop_drawn(trace: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    """The paper's picture of one beat: a dark line on white, autoscaled, without axes.

    Parameters
    ----------
    trace : ndarray, shape (n_samples,)
    size_px : tuple of int
        Width and height.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Red, green, blue.
    """
    width, height = size_px
    margin = 0.05
    x = np.linspace(width * margin, width * (1 - margin), trace.size)
    scaled = (trace - trace.min()) / max(float(np.ptp(trace)), 1e-9)
    y = height * (1 - margin) - scaled * height * (1 - 2 * margin)
    pixels = np.full((height, width, 3), 255, np.uint8)
    return _line_drawn(pixels, x, y, width_px=2)


def strip_drawn(trace_mv: np.ndarray, fs: float, px_per_mm: int) -> np.ndarray:
    """A strip on ECG paper at 25 mm/s and 10 mm/mV.

    Parameters
    ----------
    trace_mv : ndarray, shape (n_samples,)
    fs : float
        Hz.
    px_per_mm : int

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Red, green, blue.
    """
    low, high = float(trace_mv.min()), float(trace_mv.max())
    height_mm = max(30, int(-(-((high - low) * GAIN_MM_MV + 8) // 5)) * 5)
    width_mm = int(-(-(trace_mv.size / fs * SPEED_MM_S) // 5)) * 5
    pixels = paper_drawn(width_mm, height_mm, px_per_mm)
    x = np.arange(trace_mv.size) / fs * SPEED_MM_S * px_per_mm
    y = (height_mm / 2 - (trace_mv - (low + high) / 2) * GAIN_MM_MV) * px_per_mm
    return _line_drawn(pixels, x, y, width_px=2)


def paper_drawn(width_mm: int, height_mm: int, px_per_mm: int) -> np.ndarray:
    """Empty ECG paper: a line each millimetre, a stronger one each five."""
    pixels = np.full((height_mm * px_per_mm + 1, width_mm * px_per_mm + 1, 3), PAPER_RGB, np.uint8)
    for step_mm, colour in ((1, MINOR_RGB), (5, MAJOR_RGB)):
        pixels[:: step_mm * px_per_mm] = colour
        pixels[:, :: step_mm * px_per_mm] = colour
    # Major lines again, where minor ones crossed them.
    pixels[:: 5 * px_per_mm] = MAJOR_RGB
    return pixels


def _line_drawn(pixels: np.ndarray, x: np.ndarray, y: np.ndarray, *, width_px: int) -> np.ndarray:
    points = np.round(np.stack([x, y], axis=1) * (1 << _SHIFT)).astype(np.int32)
    return cv2.polylines(pixels, [points], False, TRACE_RGB, width_px, cv2.LINE_AA, _SHIFT)


def png_bytes(pixels: np.ndarray) -> bytes:
    """Losslessly packed; ``pixels`` are red, green, blue."""
    done, packed = cv2.imencode(".png", pixels[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    if not done:
        raise RuntimeError("the picture could not be packed as PNG")
    return packed.tobytes()
