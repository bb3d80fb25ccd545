import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.names import name_fold, names_similar
from patients.search_key import MAX_LENGTH, search_key


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("O’Brien-Özil", "obrien ozil"),
        ("  Łukasz   ØRSTED ", "lukasz orsted"),
        ("Weiß", "weiss"),
        ("İlker Yıldız", "ilker yildiz"),
        ("Nguyễn", "nguyen"),
        ("Παπαδόπουλος", "παπαδοπουλοσ"),
    ],
)
def test_case_accents_and_marks_make_no_difference(written: str, folded: str):
    assert name_fold(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str):
    assert name_fold(name_fold(text)) == name_fold(text)


@pytest.mark.parametrize(
    "other",
    [
        ("Vale", "Iris"),
        ("Iris", "Vale"),
        ("VÁLE", "iris"),
        ("Vale", "Irsi"),
        ("Vale", "Iris Maria"),
        ("Valle", "Iris"),
    ],
)
def test_names_that_may_be_one_persons(other: tuple[str, str]):
    assert names_similar(("Vale", "Iris"), other)


@pytest.mark.parametrize("other", [("Vale", "Oskar"), ("Brook", "Iris"), ("Castell", "Miriam")])
def test_names_of_different_people(other: tuple[str, str]):
    assert not names_similar(("Vale", "Iris"), other)


def test_a_written_out_umlaut_is_the_same_name():
    assert names_similar(("Müller", "Jörg"), ("Mueller", "Joerg"))


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=64))
def test_a_search_key_fits_its_column(family: str, given_name: str, mrn: str):
    assert len(search_key(family_name=family, given_name=given_name, mrn=mrn)) <= MAX_LENGTH
