"""Names as people search and compare them: case, accents, hyphens and apostrophes make no difference."""

import unicodedata
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
    return any(_words_similar(a, b) for a in _word_lists(one) for b in _word_lists(other))


def _word_lists(name: tuple[str, str]) -> list[list[str]]:
    joined = " ".join(name)
    return [name_fold(joined).split(), name_fold_written_out(joined).split()]


def _words_similar(one: list[str], other: list[str]) -> bool:
    fewer, more = sorted((set(one), set(other)), key=len)
    if len(fewer) >= 2 and fewer <= more:
        return True
    return _ratio(one, other) >= _SIMILAR_FROM or _ratio(sorted(one), sorted(other)) >= _SIMILAR_FROM


def _ratio(one: list[str], other: list[str]) -> float:
    return SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False).ratio()
