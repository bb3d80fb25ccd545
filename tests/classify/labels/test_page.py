import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from classify.labels.models import LabelExport
from classify.labels.services import TASK, export_request
from portal.audit.models import AuditEvent
from tests.classify.labels.conftest import exports_complete, read
from worker.training.labels.label_package import packages_find

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def spool(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    return settings.VAR_DIR / "label_exports"


def page(client):
    return client.get(reverse("labels:list")).content.decode()


def one_turn():
    from classify.labels.tasks import label_exports_work

    label_exports_work()


@pytest.fixture
def ask(admin_ann_client, doorbell, django_capture_on_commit_callbacks):
    """Presses the button; what was rung at the broker's door is in ``doorbell``."""

    def press():
        doorbell.clear()
        with django_capture_on_commit_callbacks(execute=True):
            return admin_ann_client.post(reverse("labels:export"), follow=True).content.decode()

    return press


def test_an_administrator_sees_how_many_labels_there_are_by_class(
    make_patient, make_prediction, st_mary, alice, rita_actor, admin_ann_client
):
    read(make_prediction(make_patient(st_mary, alice), "NNNSV"), rita_actor, {0: "F"})
    shown = page(admin_ann_client)
    assert "Export 5 labels" in shown
    assert "Nothing has been exported yet." in shown


def test_an_empty_hospital_sees_the_first_step(admin_ann_client):
    shown = page(admin_ann_client)
    assert "No labels yet" in shown
    assert "Nobody has confirmed or corrected a result yet." in shown
    assert "<form method" not in shown.split("export-title")[-1]


def test_beats_without_a_label_are_explained(
    make_patient, make_prediction, st_mary, alice, rita_actor, second_reader, admin_ann_client
):
    prediction = make_prediction(make_patient(st_mary, alice), "NN")
    read(prediction, rita_actor, {0: "S"})
    read(prediction, second_reader)
    assert "1 beat (readers differ)" in page(admin_ann_client)


def test_nothing_of_a_patient_or_a_reader_is_on_the_page(prediction, rita_actor, admin_ann_client):
    read(prediction, rita_actor)
    shown, patient = page(admin_ann_client), prediction.recording.patient
    for secret in (patient.family_name, patient.mrn, str(patient.pk), rita_actor.user.full_name):
        assert secret not in shown


def test_the_button_begins_an_export_and_a_worker_completes_it(
    prediction, rita_actor, ask, doorbell, admin_ann_client, tmp_path, spool
):
    read(prediction, rita_actor, {0: "V"})
    assert "The export has begun" in ask()
    assert doorbell == [TASK]
    assert "Queued" in page(admin_ann_client)
    exports_complete()
    export = LabelExport.objects.get()
    assert (export.state, export.counts) == ("done", {"N": prediction.beat_count - 1, "V": 1})
    assert list(spool.iterdir()) == []
    assert "Every label is in an earlier export already." in page(admin_ann_client)

    answer = admin_ann_client.get(reverse("labels:package", args=[export.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="labels-{export.checksum[:12]}.zip"'
    zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).extractall(tmp_path / "unpacked")
    (package,) = packages_find(tmp_path / "unpacked")
    assert len(package.rows) == prediction.beat_count
    assert package.manifest["checksum"] == export.checksum


def test_asking_and_downloading_are_audited_with_the_patients(prediction, rita_actor, ask, admin_ann_client, admin_ann):
    read(prediction, rita_actor)
    ask()
    exports_complete()
    admin_ann_client.get(reverse("labels:package", args=[LabelExport.objects.get().pk]))
    for action in ("labels.export", "labels.download"):
        event = AuditEvent.objects.get(action=action)
        assert (event.user, event.patient_ids) == (admin_ann, [str(prediction.recording.patient_id)])


def test_a_second_press_while_one_is_under_way_says_so(prediction, rita_actor, ask):
    read(prediction, rita_actor)
    ask()
    assert "An export is under way." in ask()
    assert LabelExport.objects.count() == 1


def test_an_export_is_done_in_turns_and_goes_on_where_it_stopped(
    make_strip, patient, rita_actor, ask, doorbell, admin_ann_client, monkeypatch
):
    for seed in (1, 2, 3):
        read(make_strip(patient, seed), rita_actor)
    ask()
    doorbell.clear()
    monkeypatch.setattr("classify.labels.tasks.time.monotonic", iter(range(0, 1000, 3)).__next__)
    one_turn()
    export = LabelExport.objects.get()
    assert (export.state, export.recordings_done) == ("queued", 1)
    assert doorbell == [TASK]
    assert "1 of 3 recordings" in page(admin_ann_client)
    one_turn()
    one_turn()
    export.refresh_from_db()
    assert (export.state, export.recordings_done) == ("done", 3)


def test_a_page_that_waits_is_told_to_load_itself_again_at_the_end(prediction, rita_actor, ask, admin_ann_client):
    read(prediction, rita_actor)
    ask()
    state = reverse("labels:state", args=[LabelExport.objects.get().pk])
    waiting = admin_ann_client.get(state)
    assert "HX-Refresh" not in waiting
    assert state in waiting.content.decode()
    exports_complete()
    assert admin_ann_client.get(state)["HX-Refresh"] == "true"


def test_an_export_that_fails_says_so_and_can_be_asked_for_again(
    prediction, rita_actor, ask, admin_ann_client, monkeypatch
):
    read(prediction, rita_actor)
    ask()
    with monkeypatch.context() as broken:
        broken.setattr("classify.labels.work.trace_write", full_disk)
        exports_complete()
    assert "Its labels come with the next export." in page(admin_ann_client)
    assert "The export has begun" in ask()


def full_disk(*args):
    raise OSError("no space left")


def test_the_sweeper_rings_again_for_an_export_that_nobody_heard_of(
    prediction, rita_actor, st_mary, doorbell, settings
):
    from classify.management.commands.scheduler import Scheduler

    read(prediction, rita_actor)
    now = timezone.now()
    export_request(hospital=st_mary, actor=None, at=now)
    doorbell.clear()
    Scheduler().sweep(at=now)
    assert TASK not in doorbell
    Scheduler().sweep(at=now + settings.JOB_STALE_AFTER)
    assert TASK in doorbell


def test_an_export_without_a_package_has_none_to_download(prediction, rita_actor, st_mary, admin_ann_client):
    read(prediction, rita_actor)
    export = export_request(hospital=st_mary, actor=None, at=timezone.now())
    assert admin_ann_client.get(reverse("labels:package", args=[export.pk])).status_code == 404
