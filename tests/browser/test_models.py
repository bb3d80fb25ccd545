"""The administrator's way through the models, in a real browser: by keyboard, on a phone, and with axe."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from classify.models import Prediction
from classify.registry.models import Deployment, ModelVersion
from classify.registry.registration import models_register
from classify.registry.services import shadow_start
from classify.registry.shadow import shadow_write
from tests.browser.axe import assert_accessible, assert_fits
from tests.classify.conftest import result_of
from tests.support.people import actor_of
from tests.support.registry import artifact_write
from worker.model.registry import ARTIFACTS, artifact_folder

pytestmark = pytest.mark.django_db(transaction=True)
PLOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 30 40 0" stroke="#1f6fb2"/></svg>'


def url(name, version):
    return reverse(f"registry:{name}", args=[version.pk])


@pytest.fixture
def dana(join, st_mary):
    """An administrator who is a doctor too."""
    return join(st_mary, "dana", "administrator", "doctor")


@pytest.fixture
def active(settings, tmp_path):
    """The shipped model for strips, in use; a candidate with its figures, card and a plot lies beside it."""
    settings.MODEL_FOLDERS = [ARTIFACTS, tmp_path]
    shipped = artifact_folder("context")
    manifest = json.loads((shipped / "manifest.json").read_text()) | {"version": "9.0.0"}
    manifest["metrics"].pop("evaluated_sha256")  # of the shipped network
    folder = artifact_write(tmp_path, manifest)
    shutil.copy(shipped / "model_card.md", folder)
    (folder / "plots").mkdir()
    Path(folder / "plots" / "reliability_strip10.svg").write_text(PLOT)
    models_register(at=timezone.now())
    return Deployment.objects.get(kind="context").version


@pytest.fixture
def candidate(active):
    return ModelVersion.objects.get(kind="context", version="9.0.0")


@pytest.fixture
def shadowed(active, candidate, dana, st_mary, make_patient, make_prediction):
    """The candidate has run as a shadow and said something else here and there."""
    now = timezone.now()
    shadow_start(actor=actor_of(dana), candidate=candidate, reason="Trained on our labels", at=now)
    for answer, shadow in (("NNNNNNNNNNVN", "NNNSNNNNNNVN"), ("NNVNNVNN", "NNNNNNNN"), ("NNNNNNNNN", "NNNNNNNNN")):
        prediction = make_prediction(make_patient(st_mary, dana), answer, recorded_at=now)
        said = {"said": result_of(shadow), "answer": result_of(answer)}
        shadow_write(prediction=prediction, version=candidate, beside=active, at=now, **said)


@pytest.fixture
def weeks(active, dana, st_mary, make_patient, make_prediction):
    """Seven weeks of answers, the last of which is unlike the others."""
    monday = timezone.now() - timedelta(days=timezone.now().weekday())
    for back, classes in zip(
        range(7, 0, -1), ["N" * 110 + "V" * (9 + n % 3) for n in range(6)] + ["NV" * 60], strict=True
    ):
        prediction = make_prediction(make_patient(st_mary, dana), classes)
        QuerySet.update(
            Prediction.objects.filter(pk=prediction.pk),
            model_name=active.name,
            model_version=active.version,
            model_sha256=active.sha256,
            created_at=monday - timedelta(weeks=back),
        )


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_the_models_is_accessible_and_fits(sign_in, dana, active, candidate, shadowed, weeks, width):
    page = sign_in(dana)
    page.set_viewport_size({"width": width, "height": 900})
    addresses = [
        reverse("registry:models"),
        *(url(name, candidate) for name in ("model", "promote", "shadow", "drift")),
        url("drift", active),
    ]
    for address in addresses:
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)


def test_the_heads_of_figures_stand_over_their_figures(sign_in, dana, active, weeks):
    page = sign_in(dana)
    page.goto(url("drift", active))
    right_edges = """rows => rows.map(row => [...row.querySelectorAll('.numeric')].map(
        cell => cell.getBoundingClientRect().right - parseFloat(getComputedStyle(cell).paddingRight)))"""
    head, *body = page.locator(".registry-weeks tr").evaluate_all(right_edges)
    assert body
    assert all(row == pytest.approx(head, abs=0.5) for row in body)


def test_a_model_is_promoted_and_rolled_back_with_the_keyboard_alone(sign_in, dana, active, candidate):
    page = sign_in(dana)
    page.goto(url("model", candidate))
    page.get_by_role("link", name="Take into use").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="into use?").wait_for()
    page.get_by_label("Why").focus()
    page.keyboard.type("Better on our own strips")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("is in use from the next picture on").wait_for()
    assert Deployment.objects.get(kind="context").version == candidate
    page.goto(reverse("registry:models"))
    page.get_by_role("link", name=f"Roll back to {active}").focus()
    page.keyboard.press("Enter")
    page.get_by_text("They do not stand against rolling back").wait_for()
    assert_accessible(page)
    page.get_by_label("Why").fill("Too many false S")
    page.get_by_role("button", name="Roll back").press("Enter")
    page.get_by_text("is in use again").wait_for()
    assert Deployment.objects.get(kind="context").version == active


def test_a_plot_is_shown_within_the_policy(sign_in, dana, candidate):
    page = sign_in(dana)
    page.goto(url("model", candidate))
    picture = page.get_by_alt_text("Plot: Reliability strip10")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.registry-plot img').naturalWidth > 0")
    page.goto(reverse("registry:plot", args=[candidate.pk, "reliability_strip10.svg"]))
    assert page.locator("path").count() == 1


def test_a_worse_model_says_why_it_cannot_be_promoted(sign_in, dana, active, candidate):
    manifest = candidate.manifest
    manifest["metrics"]["ds2"]["whole"]["oracle"]["accuracy"] = 0.5
    candidate.save()
    page = sign_in(dana)
    page.goto(url("promote", candidate))
    page.get_by_text("There is no way around this").wait_for()
    assert page.get_by_label("Why").count() == 0
    assert_accessible(page)


def test_a_shadow_starts_and_stops_with_a_button(sign_in, dana, candidate):
    page = sign_in(dana)
    page.goto(url("shadow", candidate))
    page.get_by_role("button", name="Start as a shadow").press("Enter")
    page.get_by_text("runs as a shadow from the next picture on").wait_for()
    page.get_by_role("button", name="Stop the shadow").press("Enter")
    page.get_by_text("The shadow is stopped").wait_for()
