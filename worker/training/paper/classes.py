"""What beats are called: the paper's eight classes, or the five of AAMI EC57."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASS_OF_SYMBOL, AAMI_CLASSES
from worker.training.records import PAPER_CLASSES, Record, label_of_symbol

NORMAL: Final = 0
PAPER_SYMBOLS: Final = tuple(PAPER_CLASSES.values())


@dataclass(frozen=True, slots=True)
class BeatClasses:
    """``names`` of the classes, the normal one first, and the class of each WFDB symbol that has one."""

    names: tuple[str, ...]
    of_symbol: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.names)

    def positions(self, record: Record) -> np.ndarray:
        """Those of a record's annotations that are beats of these classes."""
        return np.flatnonzero(np.isin(record.symbols, list(self.of_symbol)))

    def labels(self, symbols: Iterable[str]) -> np.ndarray:
        """The class of each symbol, shape (n,)."""
        return np.array([self.of_symbol[symbol] for symbol in symbols], dtype=np.int64)


EIGHT_CLASSES: Final = BeatClasses(tuple(PAPER_CLASSES), {symbol: label for label, symbol in enumerate(PAPER_SYMBOLS)})
FIVE_CLASSES: Final = BeatClasses(AAMI_CLASSES, {symbol: label_of_symbol(symbol) for symbol in AAMI_CLASS_OF_SYMBOL})
