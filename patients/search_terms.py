"""What somebody typed into the search, as terms: each is words and, where it may be one, a (part of a) date.

``12.3.1980``, ``1980-03-12``, ``12/03/80``, ``12 March 1980``, ``Mar 12, 1980``, ``12031980``, ``1980``: a date that
can be read in two ways is looked for in both, and as words too, since an MRN may look like a date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from django.utils.dates import MONTHS
from django.utils.translation import get_language, override

from patients.names import name_fold


@dataclass(frozen=True, slots=True)
class PartialDate:
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def is_possible(self) -> bool:
        if self.year is not None and not 1800 <= self.year <= 2199:
            return False
        try:
            date(self.year or 2000, self.month or 1, self.day or 1)  # the year 2000 has a 29 February
        except ValueError:
            return False
        return True

    @property
    def whole(self) -> date | None:
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Term:
    words: tuple[str, ...]
    dates: frozenset[PartialDate] = field(default_factory=frozenset)


_DAY: Final = r"(\d{1,2})(?:st|nd|rd|th)?"
_MONTH_NAME: Final = r"([^\W\d_]{3,})"
_WRITTEN: Final = re.compile(
    rf"(?<!\w)(?:{_DAY}[.\s/-]*{_MONTH_NAME}[.,\s/-]*(\d{{4}})|{_MONTH_NAME}[.\s]*{_DAY}(?:,\s*|\s+)(\d{{4}}))(?!\w)"
)
_SEP: Final = r"[./-]"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}})(?:{_SEP}(\d{{1,2}})?)?")
_YEAR_LAST: Final = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}})(?:{_SEP}(\d{{4}}|\d{{2}})?)?")


def search_terms(query: str) -> list[Term]:
    rest, terms = query.strip()[:200], []
    for match in _WRITTEN.finditer(rest):
        day, name, year, name_2, day_2, year_2 = match.groups()
        month = _month_of_name(name or name_2)
        written = PartialDate(int(year or year_2), month, int(day or day_2))
        if month and written.is_possible():
            terms.append(Term(_words(match.group()), frozenset({written})))
            rest = rest.replace(match.group(), " ", 1)
    terms += [_term(piece) for piece in re.sub(r"[,;]", " ", rest).split()]
    return [term for term in terms if term.words or term.dates]


def _term(piece: str) -> Term:
    return Term(_words(piece), frozenset(candidate for candidate in _dates(piece) if candidate.is_possible()))


def _words(piece: str) -> tuple[str, ...]:
    return tuple(name_fold(piece).split())


def _dates(piece: str) -> Iterator[PartialDate]:
    if match := _YEAR_FIRST.fullmatch(piece):
        year, month, day = (int(part) if part else None for part in match.groups())
        yield PartialDate(year, month, day)
    elif match := _YEAR_LAST.fullmatch(piece):
        first, second, written_year = match.groups()
        for full_year in _years(written_year):
            yield PartialDate(full_year, int(second), int(first))
            yield PartialDate(full_year, int(first), int(second))
    elif re.fullmatch(r"\d{8}", piece, re.ASCII):
        yield PartialDate(int(piece[:4]), int(piece[4:6]), int(piece[6:]))
        yield PartialDate(int(piece[4:]), int(piece[2:4]), int(piece[:2]))
        yield PartialDate(int(piece[4:]), int(piece[:2]), int(piece[2:4]))
    elif re.fullmatch(r"\d{4}", piece, re.ASCII):
        yield PartialDate(int(piece))


def _years(written: str | None) -> list[int | None]:
    if written is None:
        return [None]
    return [int(written)] if len(written) == 4 else [1900 + int(written), 2000 + int(written)]


def _month_of_name(name: str) -> int | None:
    folded = name_fold(name)
    matches = {number for number, month in _months(get_language() or "en") if month.startswith(folded)}
    return matches.pop() if len(matches) == 1 else None


@cache
def _months(language: str) -> list[tuple[int, str]]:
    names: list[tuple[int, str]] = []
    for code in {language, "en"}:
        with override(code):
            names += [(number, name_fold(str(month))) for number, month in MONTHS.items()]
    return names
