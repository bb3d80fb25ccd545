"""The administrator's page of labels: counts, an export that a worker completes, and its download."""

import zipfile

import pytest
from django.urls import reverse

from classify.labels.models import LabelExport
from tests.browser.axe import assert_accessible, assert_fits
from tests.classify.labels.conftest import exports_complete, read, strip_answered
from tests.support.people import actor_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


def test_an_administrator_exports_labels_and_downloads_the_package(
    sign_in, admin_ann, alice_actor, rita_actor, join, make_patient, st_mary, alice, tmp_path
):
    page = sign_in(admin_ann)
    page.goto(reverse("labels:list"))
    page.get_by_text("No labels yet").wait_for()
    assert_accessible(page)

    for seed in (1, 2):
        read(strip_answered(alice_actor, make_patient(st_mary, alice), seed), rita_actor, {0: "V", 2: "S"})
    differing = strip_answered(alice_actor, make_patient(st_mary, alice), 3)
    read(differing, rita_actor)
    read(differing, actor_of(join(st_mary, "rob", "reviewer")), {1: "F"})
    page.reload()
    page.get_by_role("row", name="V Ventricular").get_by_text("2").first.wait_for()
    page.get_by_text("1 beat (readers differ)").wait_for()
    assert_accessible(page)

    page.get_by_role("button", name="Export").click()
    page.get_by_text("The export has begun").wait_for()
    page.get_by_text("0 of 3 recordings").wait_for()
    assert_accessible(page)
    exports_complete()

    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    archive = zipfile.ZipFile(started.value.path())
    checksum = LabelExport.objects.get().checksum
    assert f"labels-{checksum[:12]}/manifest.json" in archive.namelist()
    page.get_by_text("Every label is in an earlier export already.").wait_for()
    assert_accessible(page)
    page.set_viewport_size({"width": 375, "height": 700})
    assert_fits(page)
