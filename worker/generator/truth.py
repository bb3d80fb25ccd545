"""What is true about a picture: where each lead, pulse and word lies in it."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from worker.generator.marks import Marks
from worker.generator.page import Page
from worker.generator.paper import Paper
from worker.generator.warp import Warp

Kind = Literal["beat", "strip", "sheet", "screen", "plot"]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRow:
    """One lead in the picture: ``trace_px`` is x and y of each of its samples, shape (n, 2).

    ``signal_mv`` are these samples.  ``start_s`` is the time of the first one in the recording.  ``row`` and ``column``
    count from the upper left.  ``name_px`` are the corners of the printed name, clockwise from its upper left, shape
    (4, 2); None where none is printed.  ``pulse`` says whether a calibration pulse stands beside this lead, and
    ``pulse_px`` where, shape (n, 2).
    """

    lead: str
    fs: float
    trace_px: np.ndarray
    pulse: bool
    signal_mv: np.ndarray
    start_s: float = 0.0
    row: int = 0
    column: int = 0
    name_px: np.ndarray | None = None
    pulse_px: np.ndarray | None = None

    @property
    def named(self) -> bool:
        return self.name_px is not None


@dataclass(frozen=True, slots=True, eq=False)
class DrawnText:
    """Printed words, and the corners of their box, shape (4, 2); it may lie outside a picture that is cut tight."""

    words: str
    box_px: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What the camera saw and from where: enough to draw masks, and to go from the page to the picture and back.

    ``size`` is the picture's width and height before its ``quarter_turns``, which are clockwise.  ``paper`` is None
    where the page has no paper of ours: on a plot.
    """

    page: Page
    warp: Warp
    size: tuple[int, int]
    px_per_mm: float
    line_mm: float
    paper: Paper | None
    marks: Marks = field(default_factory=Marks)
    quarter_turns: int = 0

    def seen(self, points_mm: np.ndarray) -> np.ndarray:
        """Points of the page in millimetres, shape (n, 2), in pixels of the picture."""
        return turned_points(self.warp.forward(points_mm * self.px_per_mm), self.size, self.quarter_turns)

    def on_page(self, points_px: np.ndarray) -> np.ndarray:
        """Points of the picture, shape (n, 2), in millimetres of the page."""
        width, height = self.size
        turned_size = (height, width) if self.quarter_turns % 2 else self.size
        upright = turned_points(points_px, turned_size, -self.quarter_turns)
        return self.warp.backward(upright) / self.px_per_mm

    def px_per_mm_at(self, at_mm: np.ndarray) -> tuple[float, float]:
        """How many pixels a millimetre of time, and one of voltage, takes near a point of the page."""
        across, down = self.warp.px_per_px(at_mm * self.px_per_mm)
        return self.px_per_mm * across, self.px_per_mm * down

    def rows(self) -> tuple[DrawnRow, ...]:
        return tuple(self._row(number) for number in range(len(self.page.rows)))

    def texts(self) -> tuple[DrawnText, ...]:
        return tuple(DrawnText(text.words, self.seen(text.box_mm(self.px_per_mm))) for text in self.page.texts)

    def corners(self) -> np.ndarray:
        width, height = self.page.width_mm, self.page.height_mm
        return self.seen(np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]]))

    def _row(self, number: int) -> DrawnRow:
        row = self.page.rows[number]
        beside = self.page.pulse_beside(number)
        return DrawnRow(
            lead=row.lead,
            fs=row.fs,
            trace_px=self.seen(self.page.curve_mm(row)),
            pulse=beside is not None,
            signal_mv=row.signal_mv,
            start_s=row.start_s,
            row=row.row,
            column=row.column,
            name_px=None if row.name is None else self.seen(row.name.box_mm(self.px_per_mm)),
            pulse_px=None if beside is None else self.seen(beside),
        )


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPicture:
    """A picture and its ground truth, in pixels of the picture; pixel (0, 0) covers 0 to 1.

    ``data`` is the file (``format`` ``"png"`` or ``"jpeg"``).  ``px_per_mm_x`` and ``px_per_mm_y`` are those along time
    and voltage, and hold in the middle of the rows.  ``corners`` are those of the paper, clockwise from its upper left,
    shape (4, 2); they lie outside where the paper fills the picture.  ``settings`` says what was drawn from the level's
    ranges.  ``turned_deg`` is the clockwise quarter turn that the file was given in the end: 0, 90, 180 or 270.
    """

    data: bytes
    format: str
    width_px: int
    height_px: int
    rows: tuple[DrawnRow, ...]
    px_per_mm_x: float
    px_per_mm_y: float
    speed_mm_s: float
    gain_mm_mv: float
    corners: np.ndarray
    level: str
    settings: dict[str, Any]
    kind: Kind
    layout: str
    turned_deg: int
    texts: tuple[DrawnText, ...]
    scene: Scene = field(repr=False)

    @property
    def trace_px(self) -> np.ndarray:
        return self.rows[0].trace_px


def picture_of(
    scene: Scene, file: tuple[bytes, str], *, kind: Kind, layout: str, level: str, settings: dict[str, Any]
) -> DrawnPicture:
    """The picture that a scene became, with its truth; ``file`` is its bytes and format."""
    width, height = scene.size[::-1] if scene.quarter_turns % 2 else scene.size
    page = scene.page
    middle = np.concatenate([page.curve_mm(row) for row in page.rows]).mean(axis=0)
    along_time, along_voltage = scene.px_per_mm_at(middle)
    return DrawnPicture(
        data=file[0],
        format=file[1],
        width_px=width,
        height_px=height,
        rows=scene.rows(),
        px_per_mm_x=along_time,
        px_per_mm_y=along_voltage,
        speed_mm_s=page.speed_mm_s,
        gain_mm_mv=page.gain_mm_mv,
        corners=scene.corners(),
        level=level,
        settings=settings,
        kind=kind,
        layout=layout,
        turned_deg=90 * (scene.quarter_turns % 4),
        texts=scene.texts(),
        scene=scene,
    )


def turned_points(points: np.ndarray, size: tuple[int, int], quarter_turns: int) -> np.ndarray:
    """Points of a picture of a width and height, after clockwise quarter turns."""
    width, height = size
    for _ in range(quarter_turns % 4):
        points = np.stack([height - points[:, 1], points[:, 0]], axis=1)
        width, height = height, width
    return points


def turned_pixels(pixels: np.ndarray, quarter_turns: int) -> np.ndarray:
    """Pixels after clockwise quarter turns."""
    return np.ascontiguousarray(np.rot90(pixels, -quarter_turns))
