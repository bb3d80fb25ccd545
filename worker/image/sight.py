"""The paper in a picture as it is looked at: found, flattened, its signs read and its rows followed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np

from worker.image.ink import WorkCopy, grid_map, inverted
from worker.image.sheet import row_reader, scale_reader, sign_reader
from worker.image.sheet.bare import bare_map
from worker.image.sheet.onnx_network import OnnxNetwork
from worker.image.sheet.paper_map import MAJOR_MM, MINOR_MM, PaperMap
from worker.image.sheet.phase import exact_map, twice_as_fine
from worker.image.sheet.row_reader import RowReader
from worker.image.sheet.scale_reader import ScaleReader
from worker.image.sheet.sheet import CoarseSheet, Readers, coarse_sheet, names_of
from worker.image.sheet.sign_reader import SignReader, SignSeen
from worker.image.sheet.upright import rows_stand
from worker.image.view import View

Kind = Literal["sheet", "screen"]
MORE_NAMES: Final = 1.5  # sum of their scores
_MOST_ROWS: Final = 24  # without squares: twelve leads, their rhythm strips and what is printed around them
_SPANS_MM: Final = (25.0, 700.0)  # of what a picture shows


@cache
def readers() -> Readers:
    """The shipped networks, loaded once in a process."""
    return Readers(
        RowReader(OnnxNetwork(row_reader.NETWORK)),
        SignReader(OnnxNetwork(sign_reader.NETWORK)),
        ScaleReader(OnnxNetwork(scale_reader.NETWORK)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """Squared paper that was found in a picture, flattened: once for each size that its squares may have.

    Without squares ``bare_mm`` is what its rows are taken to be long, and ``most_mm`` what the picture may be then.
    """

    view: View
    copy: WorkCopy
    coarse: tuple[CoarseSheet, ...]
    kind: Kind
    bare_mm: float | None = None
    most_mm: float = np.inf

    @property
    def shows_several(self) -> bool:
        """Whether curves lie below each other, or beside each other where the picture lies on its side."""
        return any(len(one.rows) > 1 or rows_stand(one) for one in self.coarse)


def sight_of(view: View, kind: Kind = "sheet") -> Sight | None:
    """The paper of a picture, or None where no squares are found."""
    copy = view.work
    copy = inverted(copy) if kind == "screen" else copy
    darkness = grid_map(copy)
    paper = exact_map(darkness)
    if paper is None:
        return None
    coarse = tuple(coarse_sheet(copy.rgb, one, readers().signs) for one in _possible(paper))
    finer = twice_as_fine(paper, darkness)
    if finer is not None:
        coarse = _better_named(coarse, coarse_sheet(copy.rgb, finer, readers().signs))
    return Sight(view, copy, coarse, kind)


def _better_named(coarse: tuple[CoarseSheet, ...], guess: CoarseSheet) -> tuple[CoarseSheet, ...]:
    """The guess alone, where far more names can be read at its scale."""
    most = max(names_read(one.signs) for one in coarse)
    return (guess,) if names_read(guess.signs) - most >= MORE_NAMES else coarse


def names_read(signs: Sequence[SignSeen]) -> float:
    """How many names of leads can be read, by their scores."""
    return sum(name.score for name in names_of(signs))


def bare_sight(
    view: View, kind: Kind, rows_mm: float, *, may_turn: bool = True, most_mm: float = np.inf
) -> Sight | None:
    """A picture without squares, whose rows are taken to be ``rows_mm`` long.

    None where it shows none, or a text's, or where it is more than ``most_mm`` long or high then.
    """
    copy = view.work
    copy = inverted(copy) if kind == "screen" else copy
    paper = bare_map(copy.rgb, rows_mm)
    if paper is None:
        return None
    is_too_long = _span_lines(paper) * MAJOR_MM > most_mm
    coarse = None if is_too_long else coarse_sheet(copy.rgb, paper, readers().signs)
    if coarse is not None and len(coarse.rows) > _MOST_ROWS:
        return None
    if may_turn and (coarse is None or rows_stand(coarse)):  # its scale is that of the wrong side
        return bare_sight(view.turned(1), kind, rows_mm, may_turn=False, most_mm=most_mm)
    if coarse is None:
        return None
    return Sight(view, copy, (coarse,), kind, rows_mm, most_mm)


def turned_sight(sight: Sight, turns: int) -> Sight | None:
    """What is seen of the picture once it is turned, clockwise by quarters."""
    view = sight.view.turned(turns)
    if sight.bare_mm is None:
        return sight_of(view, sight.kind)
    return bare_sight(view, sight.kind, sight.bare_mm, most_mm=sight.most_mm)


def _possible(paper: PaperMap) -> Iterator[PaperMap]:
    """The map with the millimetres of its lines, or both answers where nothing tells them apart."""
    if paper.line_mm is not None:
        yield paper
        return
    fit = [mm for mm in (MAJOR_MM, MINOR_MM) if _SPANS_MM[0] <= _span_lines(paper) * mm <= _SPANS_MM[1]]
    for line_mm in fit or [MINOR_MM]:
        yield paper.told(line_mm)


def _span_lines(paper: PaperMap) -> float:
    """Of the picture's longer side."""
    return max(paper.width_px, paper.height_px) / min(paper.line_px)
