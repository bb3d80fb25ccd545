"""What stands on a page, in millimetres: rows of curves, calibration pulses and text.

``strip_page`` and ``beat_page`` lay out pages of one row; ``sheet.sheet_page`` and ``screen.screen_page`` lay out
others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from worker.generator.fonts import font_of
from worker.generator.ink import ink_shares, inked
from worker.generator.paper import Paper, Rgb, paper_drawn

SPEED_MM_S: Final = 25.0
GAIN_MM_MV: Final = 10.0

PULSE_MM: Final = 10.0  # its width with the rests beside it; 1 mV high, 5 mm wide
_PULSE_STEPS: Final = ((0.0, 0.0), (2.5, 0.0), (2.5, 1.0), (7.5, 1.0), (7.5, 0.0), (PULSE_MM, 0.0))
_HEADER_MM: Final = 2.6
_LABEL_MM: Final = 3.2
_ROW_HEIGHT_MM: Final = 20.0  # at least


@dataclass(frozen=True, slots=True)
class Text:
    """Words from their upper left corner; ``font`` is a name of ``fonts.FONTS``."""

    words: str
    left_mm: float
    top_mm: float
    size_mm: float
    font: str = ""

    def box_mm(self, px_per_mm: float) -> np.ndarray:
        """The corners of what is printed at a resolution, clockwise from the upper left, shape (4, 2)."""
        around = font_of(self.font, self.size_mm * px_per_mm).getbbox(self.words)
        left, top, right, bottom = (side / px_per_mm for side in around)
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        return corners + np.array([self.left_mm, self.top_mm])


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One lead: ``signal_mv`` of shape (n,), starting at ``left_mm``, with 0 mV at ``zero_mm`` from the top.

    ``start_s`` is the time of its first sample in the recording, ``row`` and ``column`` are its place on the page, and
    ``name`` is what is printed beside it.
    """

    signal_mv: np.ndarray
    fs: float
    lead: str
    left_mm: float
    zero_mm: float
    pulse: bool = False
    start_s: float = 0.0
    row: int = 0
    column: int = 0
    name: Text | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pulse:
    """A calibration pulse beside a row, by the row's number: x and y of its points, shape (n, 2)."""

    beside: int
    points_mm: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Rows and texts on a page; ``edge_mm`` of paper goes on around what the picture will show.

    ``pulses`` are calibration pulses other than those that lead into their row; ``strokes`` are other printed lines,
    x and y of their points, shape (n, 2).
    """

    width_mm: float
    height_mm: float
    rows: tuple[Row, ...]
    texts: tuple[Text, ...] = ()
    speed_mm_s: float = SPEED_MM_S
    gain_mm_mv: float = GAIN_MM_MV
    edge_mm: float = 0.0
    pulses: tuple[Pulse, ...] = ()
    strokes: tuple[np.ndarray, ...] = ()

    def curve_mm(self, row: Row) -> np.ndarray:
        """x and y of each sample, shape (n, 2)."""
        x = row.left_mm + np.arange(row.signal_mv.size) / row.fs * self.speed_mm_s
        return np.stack([x, row.zero_mm - row.signal_mv * self.gain_mm_mv], axis=1)

    def pulse_mm(self, row: Row) -> np.ndarray:
        """The calibration pulse that leads into a row, at the row's own resting level, shape (6, 2)."""
        steps = np.array(_PULSE_STEPS)
        rest_mm = row.zero_mm - float(np.median(row.signal_mv)) * self.gain_mm_mv
        return np.stack([row.left_mm - PULSE_MM + steps[:, 0], rest_mm - steps[:, 1] * self.gain_mm_mv], axis=1)

    def pulses_mm(self) -> list[np.ndarray]:
        """All calibration pulses."""
        return [self.pulse_mm(row) for row in self.rows if row.pulse] + [pulse.points_mm for pulse in self.pulses]

    def pulse_beside(self, number: int) -> np.ndarray | None:
        """The calibration pulse of a row by the row's number, or None."""
        if self.rows[number].pulse:
            return self.pulse_mm(self.rows[number])
        return next((pulse.points_mm for pulse in self.pulses if pulse.beside == number), None)


@dataclass(frozen=True, slots=True)
class StripStyle:
    """How a page of one row looks: what is printed on it and the room around it.

    ``sway_mm`` is room above and below for a camera that is held askew; ``edge_mm`` goes on beyond the picture.
    """

    lead: str = ""
    header: str = ""
    pulse: bool = False
    margin_mm: float = 4.0
    sway_mm: float = 0.0
    edge_mm: float = 0.0


def strip_page(
    signal_mv: np.ndarray,
    fs: float,
    style: StripStyle,
    *,
    speed_mm_s: float = SPEED_MM_S,
    gain_mm_mv: float = GAIN_MM_MV,
) -> Page:
    """A page of one row that is as high as its signal needs.

    Parameters
    ----------
    signal_mv : ndarray, shape (n,)
    fs : float
        Hz.
    style : StripStyle
    speed_mm_s, gain_mm_mv : float
    """
    around = style.margin_mm + style.edge_mm
    text_mm = (_HEADER_MM + 1.0 if style.header else 0.0) + (_LABEL_MM if style.lead else 0.0)
    high, low = float(signal_mv.max()), float(signal_mv.min())
    if style.pulse:
        high = max(high, float(np.median(signal_mv)) + 1.0)
    row_mm = max(_ROW_HEIGHT_MM, (high - low) * gain_mm_mv)
    top = around + style.sway_mm + text_mm
    zero_mm = top + row_mm / 2 + (high + low) / 2 * gain_mm_mv
    left = around + (PULSE_MM if style.pulse else 0.0)
    length_mm = (signal_mv.size - 1) / fs * speed_mm_s
    texts = _strip_texts(style, around, around + style.sway_mm)
    row = Row(signal_mv, fs, style.lead, left, zero_mm, style.pulse, name=texts[-1] if style.lead else None)
    return Page(
        width_mm=left + length_mm + around,
        height_mm=top + row_mm + style.sway_mm + around,
        rows=(row,),
        texts=texts,
        speed_mm_s=speed_mm_s,
        gain_mm_mv=gain_mm_mv,
        edge_mm=style.edge_mm,
    )


def _strip_texts(style: StripStyle, left_mm: float, top_mm: float) -> tuple[Text, ...]:
    texts = []
    if style.header:
        texts.append(Text(style.header, left_mm, top_mm, _HEADER_MM))
        top_mm += _HEADER_MM + 1.0
    if style.lead:
        texts.append(Text(style.lead, left_mm + 1.0, top_mm, _LABEL_MM))
    return tuple(texts)


def beat_page(signal_mv: np.ndarray, fs: float, *, margin_mm: float, edge_mm: float = 0.0) -> Page:
    """A cut-out of paper that shows one beat and nothing else."""
    around = margin_mm + edge_mm
    high, low = float(signal_mv.max()), float(signal_mv.min())
    row = Row(signal_mv, fs, "", around, around + high * GAIN_MM_MV)
    length_mm = (signal_mv.size - 1) / fs * SPEED_MM_S
    height_mm = (high - low) * GAIN_MM_MV
    return Page(length_mm + 2 * around, height_mm + 2 * around, (row,), edge_mm=edge_mm)


def page_drawn(page: Page, paper: Paper, ink: Rgb, *, line_mm: float, px_per_mm: float) -> np.ndarray:
    """The page as a printer makes it.

    Parameters
    ----------
    page : Page
    paper : Paper
    ink : tuple of int
        Red, green, blue.
    line_mm : float
        Width of the curves' line.
    px_per_mm : float

    Returns
    -------
    ndarray of float32, shape (height, width, 3)
        From 0 to 255.
    """
    pixels = paper_drawn(paper, page.width_mm, page.height_mm, px_per_mm)
    curves = [page.curve_mm(row) * px_per_mm for row in page.rows]
    curves += [points * px_per_mm for points in (*page.pulses_mm(), *page.strokes)]
    # Below a pixel a line only gets paler, and printers do not print it so.
    shares = ink_shares(curves, pixels.shape[:2], max(1.0, line_mm * px_per_mm))
    written = text_shares(page.texts, pixels.shape[:2], px_per_mm)
    return inked(pixels, np.maximum(shares, written), ink)


def text_shares(texts: Sequence[Text], shape: tuple[int, int], px_per_mm: float) -> np.ndarray:
    """How much of each pixel is covered by letters; ``shape`` is height and width."""
    canvas = Image.new("L", shape[::-1], 0)
    pen = ImageDraw.Draw(canvas)
    for text in texts:
        font = font_of(text.font, text.size_mm * px_per_mm)
        pen.text((text.left_mm * px_per_mm, text.top_mm * px_per_mm), text.words, fill=255, font=font)
    return np.asarray(canvas, np.float32) / 255.0
