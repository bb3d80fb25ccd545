"""Names as people search and compare them: case, accents, hyphens and apostrophes make no difference."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

# Letters that have no accent to take off, and those that are also written out ("Müller" is "Mueller" in a passport).
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_WRITTEN_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_SIMILAR_FROM: Final = 0.84


def name_fold(text: str) -> str:
    """``"O’Brien-Özil"`` and ``"OBRIEN ozil"`` both become ``"obrien ozil"``."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    # Once more: taking a mark off or a letter apart may leave something that folds further.
    folded = unicodedata.normalize("NFKD", plain.casefold().translate(_PLAIN))
    kept = "".join(char for char in folded if char not in "'’ʼ`´")
    return " ".join("".join(char if char.isalnum() else " " for char in kept).split())


def name_fold_written_out(text: str) -> str:
    return name_fold(unicodedata.normalize("NFC", text).casefold().translate(_WRITTEN_OUT))


def names_similar(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two (family name, given name) may be one person's: swapped, a typing slip, a second given name."""
    return any(_folded_similar(a, b) for a in _foldings(one) for b in _foldings(other))


def _foldings(name: tuple[str, str]) -> set[tuple[str, str]]:
    return {(fold(name[0]), fold(name[1])) for fold in (name_fold, name_fold_written_out)}


def _folded_similar(one: tuple[str, str], other: tuple[str, str]) -> bool:
    words, other_words = " ".join(one).split(), " ".join(other).split()
    fewer, more = sorted((set(words), set(other_words)), key=len)
    if len(fewer) >= 2 and fewer <= more:
        return True
    return _alike(sorted(words), sorted(other_words)) or _alike([*one], [*other]) or _alike([*one], [*reversed(other)])


def _alike(one: Iterable[str], other: Iterable[str]) -> bool:
    a, b = ("".join(words).replace(" ", "") for words in (one, other))
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _SIMILAR_FROM
