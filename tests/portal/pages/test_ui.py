import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import RequestContext, Template
from django.test import RequestFactory

from portal.pages.templatetags.ui import STATE_WORDS


def draw(source: str, request: HttpRequest | None = None, **context: object) -> str:
    request = request or RequestFactory().get("/")
    return Template("{% load ui %}" + source).render(RequestContext(request, {"request": request, **context}))


@pytest.mark.parametrize(("state", "word"), STATE_WORDS.items())
def test_a_state_is_a_word_with_an_icon(state: str, word: str):
    html = draw("{% state_badge state %}", state=state)
    assert str(word) in html
    assert f"#{state.replace('_', '-')}" in html


def test_an_unknown_state_is_an_error_and_not_an_empty_badge():
    with pytest.raises(KeyError):
        draw("{% state_badge 'lost' %}")


def test_a_class_chip_carries_letter_shape_and_count():
    html = draw("{% class_chip 'V' count=3 %}")
    assert "#class-V" in html
    assert ">V</abbr>" in html
    assert ">3</span>" in html
    assert "unsure" not in html


def test_an_unsure_class_is_hatched_and_says_so():
    html = draw("{% class_chip 'S' unsure=True %}")
    assert "#class-S-unsure" in html
    assert "unsure</span>" in html


def test_an_icon_without_a_label_is_hidden_from_readers_and_one_with_a_label_is_not():
    assert 'aria-hidden="true"' in draw("{% icon 'upload' %}")
    assert 'role="img" aria-label="Upload"' in draw("{% icon 'upload' label='Upload' %}")


def test_a_label_is_escaped():
    assert "<b>" not in draw("{% icon 'upload' label=label %}", label="<b>")


def test_pagination_keeps_the_filters_of_the_address():
    page = Paginator(range(50), 20).page(2)
    html = draw("{% pagination page %}", RequestFactory().get("/", {"state": "done", "page": "2"}), page=page)
    assert 'href="?state=done&amp;page=1"' in html
    assert 'href="?state=done&amp;page=3"' in html
    assert "21–40 of 50" in html


def test_pagination_of_a_posted_search_puts_nothing_into_the_address():
    page = Paginator(range(50), 20).page(1)
    html = draw("{% pagination page form='search' %}", RequestFactory().get("/"), page=page)
    assert '<button type="submit" class="button" form="search" name="page" value="2">' in html
    assert 'href="?' not in html


def test_a_single_page_needs_no_pagination():
    assert draw("{% pagination page %}", RequestFactory().get("/"), page=Paginator([1], 20).page(1)).strip() == ""


class PatientForm(forms.Form):
    mrn = forms.CharField(label="MRN", help_text="As on the wristband")
    note = forms.CharField(required=False)


def test_a_field_shows_label_help_and_error_and_ties_them_together():
    html = str(PatientForm({"mrn": ""}))
    assert '<label for="id_mrn">MRN</label>' in html
    assert 'id="id_mrn_helptext"' in html
    assert 'aria-describedby="id_mrn_helptext id_mrn_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("As on the wristband") < html.index("<input") < html.index("This field is required.")


def test_a_field_that_may_stay_empty_says_so():
    html = str(PatientForm())
    assert html.count("(optional)") == 1
