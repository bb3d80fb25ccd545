import re
from uuid import UUID, uuid4

import pytest
from django.contrib import admin
from django.urls import reverse

from classify.review.models import Reading

pytestmark = pytest.mark.django_db
LIST = "/admin/classify/prediction/"


def desk(prediction) -> str:
    return reverse("admin:classify_prediction_change", args=[prediction.pk])


@pytest.fixture
def prediction(make_patient, make_prediction, st_mary, alice):
    patient = make_patient(st_mary, alice, family_name="Okonkwo", mrn="MRN-77")
    return make_prediction(patient, "NNV", confidences=[0.9, 0.8, 0.4])


def test_a_reviewer_sees_the_list_and_the_desk(rita_client, prediction):
    page = rita_client.get(LIST).content.decode()
    assert "Okonkwo" in page
    assert desk(prediction) in page
    page = rita_client.get(desk(prediction)).content.decode()
    assert page.count("data-row=") == page.count("data-beat=") == 3
    assert 'name="beat-2"' in page


@pytest.mark.parametrize(
    ("url", "title"),
    [(LIST, "Reading list"), ("/admin/classify/beat/", "Beats"), ("/admin/review/reading/", "Readings")],
)
def test_the_window_is_named_as_the_page(rita_client, url, title):
    assert f"<title>{title} · " in " ".join(rita_client.get(url).content.decode().split())


def test_a_plain_doctor_has_no_admin(alice_client, prediction):
    for url in ("/admin/", LIST, desk(prediction)):
        assert alice_client.get(url).status_code in {302, 403, 404}
        assert "Okonkwo" not in alice_client.get(url, follow=True).content.decode()


def test_an_administrator_sees_nothing_clinical_in_the_admin(admin_ann_client, prediction):
    for url in (LIST, desk(prediction), "/admin/classify/beat/", "/admin/review/reading/"):
        assert admin_ann_client.get(url).status_code in {403, 404}


def test_a_reviewer_of_another_hospital_gets_404(join, county, prediction):
    from tests.support.people import signed_in

    client = signed_in(join(county, "rob", "reviewer"))
    assert "Okonkwo" not in client.get(LIST).content.decode()
    assert client.get(desk(prediction)).status_code == 404
    assert client.post(desk(prediction), {"verdict": "confirmed"}).status_code == 404
    beat = prediction.beats.first()
    assert client.get(reverse("admin:classify_beat_change", args=[beat.pk])).status_code == 404
    assert not Reading.objects.exists()


@pytest.mark.parametrize("object_id", [str(UUID(int=7)), "not-an-id"])
def test_an_unknown_prediction_is_404(rita_client, object_id):
    assert rita_client.get(f"{LIST}{object_id}/change/").status_code == 404


def test_signing_leads_to_the_next_unread_one(rita_client, prediction, make_patient, make_prediction, st_mary, alice):
    other = make_prediction(make_patient(st_mary, alice), "NN")
    answer = rita_client.post(desk(prediction), {"verdict": "corrected", "beat-0": "N", "beat-2": "F", "comment": "x"})
    assert answer.status_code == 302
    assert answer.url == desk(other)
    assert (
        "Signed: corrected. This is the next recording, of another patient."
        in rita_client.get(answer.url).content.decode()
    )
    reading = Reading.objects.get()
    assert [(c.beat.index, c.aami_class) for c in reading.corrections.all()] == [(2, "F")]
    assert rita_client.post(desk(other), {"verdict": "confirmed"}).url == LIST


def test_a_contradiction_is_said_in_words_and_keeps_what_was_typed(rita_client, prediction):
    answer = rita_client.post(desk(prediction), {"verdict": "confirmed", "beat-0": "S", "comment": "look at P waves"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Some beats were changed" in page
    assert "look at P waves" in page
    assert re.search(r'name="beat-0".*?<option value="S" selected>', page, re.S)
    assert not Reading.objects.exists()


def test_the_desk_shows_the_latest_correction_and_every_reading(rita_client, prediction):
    rita_client.post(desk(prediction), {"verdict": "corrected", "beat-2": "F", "comment": "fusion beat"})
    page = rita_client.get(desk(prediction)).content.decode()
    assert "fusion beat" in page
    assert "Beat 3: V → F" in page


def test_filters_narrow_the_list(rita_client, prediction, make_patient, make_prediction, st_mary, alice):
    other = make_prediction(make_patient(st_mary, alice), "S")
    for query, hidden, shown in (
        ("?aami_class=S", prediction, other),
        ("?aami_class=V", other, prediction),
        ("?unsure=yes", other, prediction),
        ("?kind=beat", prediction, other),
    ):
        page = rita_client.get(LIST + query).content.decode()
        assert desk(shown) in page
        assert desk(hidden) not in page.split("<table", 1)[1]
    assert "Nothing to read" in rita_client.get(f"{LIST}?reading=confirmed").content.decode()


@pytest.mark.parametrize("model", ["classify_prediction", "classify_beat", "review_reading"])
def test_nothing_can_be_added_edited_or_deleted(rita_client, rita, prediction, model):
    app, name = model.split("_")
    assert rita_client.get(f"/admin/{app}/{name}/add/").status_code in {403, 404}
    pk = {"prediction": prediction.pk, "beat": prediction.beats.first().pk, "reading": uuid4()}[name]
    assert rita_client.post(f"/admin/{app}/{name}/{pk}/delete/", {"post": "yes"}).status_code in {403, 404}
    answer = rita_client.post(f"/admin/{app}/{name}/", {"action": "delete_selected", "_selected_action": [str(pk)]})
    assert answer.status_code in {200, 302, 403}
    prediction.refresh_from_db()
    assert prediction.beats.count() == 3


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    rita_client, prediction, make_patient, make_prediction, st_mary, alice, django_assert_max_num_queries
):
    for _ in range(12):
        make_prediction(make_patient(st_mary, alice), "NV")
    with django_assert_max_num_queries(14):
        rita_client.get(LIST)


def test_every_registered_admin_reads_only_and_starts_at_the_gate():
    from portal.admin.base import ReadOnlyAdmin

    assert admin.site._registry
    for model_admin in admin.site._registry.values():
        assert isinstance(model_admin, ReadOnlyAdmin)
        assert not model_admin.search_fields, "a search by GET would write a name into the URL"


@pytest.mark.parametrize("asked", ["aami_class=N__regex", "aami_class=%00", "kind=%00", "reading=%00", "unsure=%00"])
def test_a_filter_that_is_not_offered_is_no_filter(rita_client, prediction, asked):
    page = rita_client.get(f"{LIST}?{asked}")
    assert page.status_code == 200
    assert "Okonkwo" in page.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "classify/beat/?prediction__recording__patient__family_name__startswith=O",
        "review/reading/?reader__password__startswith=argon2",
    ],
)
def test_the_address_bar_asks_nothing_of_other_tables(rita_client, prediction, asked):
    assert rita_client.get(f"/admin/{asked}").status_code == 400


def test_the_bar_leads_a_reviewer_to_the_list_and_nobody_else(rita_client, alice_client, admin_ann_client):
    assert f'class="nav-link" href="{LIST}"' in rita_client.get("/today/").content.decode()
    for client in (alice_client, admin_ann_client):
        assert LIST not in client.get("/today/").content.decode()


def test_an_empty_list_does_not_speak_of_filters_that_nobody_set(rita_client):
    assert "No ECG was classified yet" in rita_client.get(LIST).content.decode()
    assert "No result matches these filters" in rita_client.get(f"{LIST}?reading=confirmed").content.decode()
    assert "filters" not in rita_client.get("/admin/review/reading/").content.decode().split("Nothing here")[1]


def test_readings_are_dated_as_everywhere_else(rita_client, prediction):
    rita_client.post(desk(prediction), {"verdict": "unreadable"})
    reading = Reading.objects.get()
    assert f"{reading.signed_at:%H:%M} UTC" in rita_client.get("/admin/review/reading/").content.decode()


def test_no_beat_is_said_to_be_certain(rita_client, make_patient, make_prediction, st_mary, alice):
    sure = make_prediction(make_patient(st_mary, alice), "N", confidences=[0.9999])
    for address in (LIST, desk(sure), "/admin/classify/beat/"):
        page = rita_client.get(address).content.decode()
        assert "99 %" in page
        assert "100 %" not in page
