from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patients.models import Patient
from patients.search_terms import PartialDate, search_terms
from patients.selectors import patient_search
from portal.accounts.actor import Actor
from tests.patients.conftest import Register

FORMS: dict[str, Callable[[date], str]] = {
    "iso": lambda d: d.isoformat(),
    "dots": lambda d: f"{d.day}.{d.month}.{d.year}",
    "dots with zeros": lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    "slashes, day first": lambda d: f"{d.day}/{d.month}/{d.year}",
    "slashes, month first": lambda d: f"{d.month}/{d.day}/{d.year}",
    "two-digit year": lambda d: f"{d.day}.{d.month}.{d.year % 100:02}",
    "digits": lambda d: f"{d:%Y%m%d}",
    "digits, day first": lambda d: f"{d:%d%m%Y}",
    "month in words": lambda d: f"{d.day} {d:%B} {d.year}",
    "short month": lambda d: f"{d.day}. {d:%b} {d.year}",
    "month first in words": lambda d: f"{d:%B} {d.day}, {d.year}",
    "ordinal": lambda d: f"{d.day}th {d:%b} {d.year}",
    "year": lambda d: str(d.year),
    "year and month": lambda d: f"{d.year}-{d.month:02}",
    "day and month": lambda d: f"{d.day}.{d.month}.",
}


@pytest.mark.parametrize("form", FORMS)
@given(day=st.dates(date(1901, 1, 1), date(2026, 1, 1)))
def test_a_birth_date_is_understood_however_it_is_written(form: str, day: date):
    terms = search_terms(FORMS[form](day))
    assert len(terms) == 1
    assert any(_covers(candidate, day) for candidate in terms[0].dates)


def _covers(candidate: PartialDate, day: date) -> bool:
    parts = ((candidate.year, day.year), (candidate.month, day.month), (candidate.day, day.day))
    return all(part in (None, real) for part, real in parts)


@given(st.text(max_size=250))
def test_no_text_breaks_the_search(text: str):
    for term in search_terms(text):
        assert term.words or term.dates
        assert all(candidate.is_possible() for candidate in term.dates)


names = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=2, max_size=12)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(family=names, given_name=names, data=st.data())
def test_parts_of_names_in_any_order_find_the_patient(
    register: Register, alice_actor: Actor, family: str, given_name: str, data: st.DataObject
):
    Patient.objects.all().delete()
    patient = register(alice_actor, family_name=family, given_name=given_name)
    parts = [_part(data, family), _part(data, given_name)]
    query = " ".join(data.draw(st.permutations(parts)))
    assert patient in patient_search(alice_actor, query)
    assert patient in patient_search(alice_actor, query.upper())


def _part(data: st.DataObject, name: str) -> str:
    start = data.draw(st.integers(0, len(name) - 1))
    return name[start : data.draw(st.integers(start + 1, len(name)))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["vale", "IRIS vale", "iri, va", "SM-1", "sm1", "sm 1", "12.3.1980", "1980", "vale 12 march 1980", "Vále", ""],
)
def test_these_find_iris(iris: Patient, alice_actor: Actor, query: str):
    assert list(patient_search(alice_actor, query)) == [iris]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["oskar", "vale oskar", "SM-2", "13.3.1980", "1981", "%", "_", "vale 1981"])
def test_these_do_not_find_iris(iris: Patient, alice_actor: Actor, query: str):
    if query in "%_":
        assert search_terms(query) == []
    else:
        assert not patient_search(alice_actor, query).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "query"),
    [("Müller", "muller"), ("Müller", "mueller"), ("Müller", "MÜLL"), ("O’Brien", "obrien"), ("Smith-Jones", "jones")],
)
def test_accents_and_marks_do_not_matter(register: Register, alice_actor: Actor, name: str, query: str):
    patient = register(alice_actor, family_name=name)
    assert list(patient_search(alice_actor, query)) == [patient]


@pytest.mark.django_db
def test_an_mrn_that_looks_like_a_date_is_still_found(register: Register, alice_actor: Actor):
    patient = register(alice_actor, mrn="19991231")
    assert list(patient_search(alice_actor, "19991231")) == [patient]


@pytest.mark.django_db
def test_charlie_finds_nobody_of_st_marys(iris: Patient, charlie_actor: Actor):
    for query in ("", "vale", iris.mrn, "1980", "12.3.1980", str(iris.pk)):
        assert not patient_search(charlie_actor, query).exists()
