"""WFDB beat symbols and the AAMI EC57 classes they belong to.

The mapping is that of de Chazal, O'Dwyer & Reilly, IEEE TBME 51(7), 2004: escape beats ``e`` and ``j``
count as N.  (WFDB's ``bxb`` puts them in S; the choice changes a handful of beats.)
"""

from typing import Final, Literal

AamiClass = Literal["N", "S", "V", "F", "Q"]

AAMI_CLASSES: Final[tuple[AamiClass, ...]] = ("N", "S", "V", "F", "Q")
SCORED_CLASSES: Final[tuple[AamiClass, ...]] = ("N", "S", "V", "F")  # DS2 holds seven beats of Q

AAMI_CLASS_SYMBOLS: Final[dict[AamiClass, str]] = {
    "N": "NLRej",
    "S": "AaJS",
    "V": "VE",
    "F": "F",
    "Q": "/fQ",
}

AAMI_CLASS_OF_SYMBOL: Final[dict[str, AamiClass]] = {
    symbol: aami_class for aami_class, symbols in AAMI_CLASS_SYMBOLS.items() for symbol in symbols
}

# Ventricular flutter waves are not beats in the beat-by-beat comparison, yet they end an RR interval.
RR_NEIGHBOUR_SYMBOLS: Final[frozenset[str]] = frozenset(AAMI_CLASS_OF_SYMBOL) | {"!"}
