import csv
import io
import json
import zipfile
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from classify.labels.models import ExportedLabel, LabelExport
from classify.labels.services import LabelsError, export_claim, export_complete, export_fail, export_request
from classify.models import Recording
from portal.audit.models import AuditEvent
from tests.classify.labels.conftest import read
from worker.image.decode import decode_picture
from worker.image.read import read_picture
from worker.training.labels.label_package import LabelPackageError, package_read, packages_find

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def export(out, **options) -> str:
    said = io.StringIO()
    call_command("labels_export", out=out, stdout=said, **options)
    return said.getvalue()


def test_a_package_holds_each_beat_with_its_trace_and_where_its_label_came_from(prediction, rita_actor, out):
    read(prediction, rita_actor, {1: "V"})
    said = export(out)
    (package,) = packages_find(out)
    beats = prediction.beat_count
    assert f"{beats} labels (N {beats - 1} V 1)" in said
    assert [row.aami_class for row in package.rows] == ["N", "V", *"N" * (beats - 2)]
    corrected = package.rows[1]
    assert (corrected.index, corrected.outcome, corrected.answer, corrected.confidence) == (1, "corrected", "N", 0.9)
    assert (corrected.model_name, corrected.model_version) == ("beatline-context", "1.0.0")
    assert (corrected.reader_role, corrected.readers) == ("reviewer", 1)
    assert package.rows[0].outcome == "confirmed"
    with prediction.recording.original.open("rb") as file:
        reading = read_picture(decode_picture(file.read()))
    trace = package.trace(corrected.recording)
    np.testing.assert_allclose(trace.values, reading.answered[0].values, rtol=1e-6)
    assert trace.fs == reading.answered[0].fs
    np.testing.assert_array_equal(trace.r_peaks, reading.answered[0].r_peaks)


def test_the_manifest_counts_and_names_rule_and_licence(prediction, rita_actor, out):
    read(prediction, rita_actor, {0: "S"})
    export(out)
    (package,) = packages_find(out)
    manifest, beats = package.manifest, prediction.beat_count
    assert manifest["counts"]["beats"] == beats
    assert manifest["counts"]["by_class"] == {"N": beats - 1, "S": 1}
    assert manifest["counts"]["by_outcome"] == {"confirmed": beats - 1, "corrected": 1}
    assert (manifest["counts"]["patients"], manifest["counts"]["recordings"]) == (1, 1)
    assert manifest["models"] == [{"name": "beatline-context", "version": "1.0.0", "sha256": "a" * 64, "beats": beats}]
    assert "differ" in manifest["rule"]["words"]
    assert "consented" in manifest["licence"]


def test_nothing_of_a_patient_a_reader_or_a_file_is_in_any_byte(
    make_strip, make_patient, st_mary, alice, rita_actor, out
):
    patient = make_patient(
        st_mary, alice, mrn="MRN-774411", family_name="Quillfeather", given_name="Ottoline", birth_date="1931-12-29"
    )
    prediction = make_strip(patient, lead="Ottoline")
    reading = read(prediction, rita_actor, {0: "V"}, comment="Quillfeather looks pale")
    export(out)
    secrets = [
        *("Quillfeather", "Ottoline", "774411", "1931", "12-29", "pale"),
        *(st_mary.name, rita_actor.user.full_name, rita_actor.user.email, "alice"),
        *(f"{reading.signed_at:%Y-%m-%dT}", prediction.recording.original.name, prediction.recording.sha256),
        *(str(row.pk) for row in (patient, prediction, prediction.recording, reading, rita_actor.user, st_mary)),
    ]
    secrets += [secret.replace("-", "") for secret in secrets]
    checked = 0
    for path in out.rglob("*"):
        assert not [secret for secret in secrets if secret.lower() in path.name.lower()]
        for data in every_content(path) if path.is_file() else []:
            found = [secret for secret in secrets if secret.lower().encode() in data.lower()]
            assert not found, f"{path.name} holds {found}"
            checked += 1
    assert checked >= 5


def every_content(path):
    data = path.read_bytes()
    if path.suffix != ".npz":
        return [data]
    with zipfile.ZipFile(path) as archive:
        return [data, *(archive.read(name) for name in archive.namelist())]


def test_pseudonyms_tell_patients_apart_and_are_the_same_in_every_export(
    make_strip, patient, other_patient, rita_actor, out
):
    for number, owner in enumerate((patient, patient, other_patient), start=1):
        read(make_strip(owner, number), rita_actor)
    export(out / "first")
    export(out / "again", again=True)
    (first,), (again,) = packages_find(out / "first"), packages_find(out / "again")
    assert len({row.patient for row in first.rows}) == 2
    assert len({row.recording for row in first.rows}) == 3
    assert first.rows == again.rows


def test_the_same_labels_give_the_same_bytes(prediction, rita_actor, out):
    read(prediction, rita_actor)
    export(out / "first")
    export(out / "again", again=True)
    one, two = (next(out.joinpath(name).iterdir()) for name in ("first", "again"))
    assert one.name == two.name
    for path in [*one.rglob("*.npz"), one / "labels.csv"]:
        assert path.read_bytes() == two.joinpath(path.relative_to(one)).read_bytes()


def test_nothing_is_exported_twice_until_a_label_changes(make_strip, patient, rita_actor, out):
    prediction = make_strip(patient, 1)
    read(prediction, rita_actor)
    export(out)
    assert "in an earlier export already" in export(out)
    read(prediction, rita_actor, {0: "V"})
    read(make_strip(patient, 2), rita_actor)
    export(out)
    first, second = packages_find(out)
    assert first.manifest["number"] == 1
    changed = [row for row in second.rows if row.beat in {row.beat for row in first.rows}]
    assert [(row.index, row.aami_class) for row in changed] == [(0, "V")]


def test_an_empty_hospital_is_told_the_first_step(st_mary, out):
    assert "Nobody has confirmed or corrected a result yet." in export(out)
    assert not out.exists() or list(out.iterdir()) == []
    assert not LabelExport.objects.exists()


def test_one_hospital_can_be_named_and_an_unknown_one_is_refused(prediction, rita_actor, county, out):
    read(prediction, rita_actor)
    assert "Nobody has confirmed" in export(out, hospital=county.name)
    with pytest.raises(CommandError, match="Nowhere"):
        export(out, hospital="Nowhere")
    assert "labels (N" in export(out, hospital="St Mary's")


def test_an_export_leaves_an_audit_event_with_the_patients(prediction, rita_actor, out):
    read(prediction, rita_actor)
    export(out)
    event = AuditEvent.objects.get(action="labels.export")
    assert event.patient_ids == [str(prediction.recording.patient_id)]
    assert (event.via, event.target_id) == ("command", str(LabelExport.objects.get().pk))


def test_a_picture_that_is_read_otherwise_today_is_left_out_and_tried_again_later(prediction, rita_actor, out):
    prediction.beats.filter(index=0)._raw_delete("default")
    read(prediction, rita_actor)
    said = export(out)
    assert f"no label could be exported; left out: read_otherwise {prediction.beat_count - 1}" in said
    assert not out.exists() or list(out.iterdir()) == []
    assert "read_otherwise" in export(out)


def test_a_picture_that_is_gone_is_left_out(make_strip, patient, rita_actor, out):
    gone, there = make_strip(patient, 1), make_strip(patient, 2)
    for prediction in (gone, there):
        read(prediction, rita_actor)
    gone.recording.original.storage.delete(gone.recording.original.name)
    said = export(out)
    (package,) = packages_find(out)
    assert package.manifest["left_out"] == {"no_picture": gone.beat_count}
    assert len(package.rows) == there.beat_count
    assert f"no_picture {gone.beat_count}" in said


def test_what_fails_leaves_no_package_and_its_labels_come_next_time(prediction, rita_actor, out, monkeypatch):
    read(prediction, rita_actor)
    monkeypatch.setattr("classify.labels.work.trace_write", full_disk)
    with pytest.raises(OSError, match="no space"):
        export(out)
    assert LabelExport.objects.get().state == "failed"
    assert not out.exists() or list(out.iterdir()) == []
    monkeypatch.undo()
    assert "labels (N" in export(out)


def full_disk(*args):
    raise OSError("no space left")


def test_a_hospital_has_one_open_export_at_a_time(prediction, rita_actor, st_mary):
    read(prediction, rita_actor)
    now = timezone.now()
    export_request(hospital=st_mary, actor=None, at=now)
    with pytest.raises(LabelsError, match="under way"):
        export_request(hospital=st_mary, actor=None, at=now)


def test_an_export_is_claimed_once_until_its_lease_runs_out(prediction, rita_actor, st_mary):
    read(prediction, rita_actor)
    now = timezone.now()
    export_request(hospital=st_mary, actor=None, at=now)
    claimed = export_claim(at=now)
    assert claimed is not None
    assert export_claim(at=now) is None
    later = now + timedelta(minutes=5)
    assert export_claim(at=later) == claimed
    export_fail(claimed, at=later)
    assert not export_complete(claimed, checksum="", package="", at=later)
    assert export_claim(at=later) is None


def test_only_an_administrator_of_the_hospital_may_ask_for_an_export(
    prediction, rita_actor, alice_actor, admin_ann_actor, st_mary, county
):
    read(prediction, rita_actor)
    for actor, hospital in ((rita_actor, st_mary), (alice_actor, st_mary), (admin_ann_actor, county)):
        with pytest.raises(PermissionError):
            export_request(hospital=hospital, actor=actor, at=timezone.now())
    assert (
        export_request(hospital=st_mary, actor=admin_ann_actor, at=timezone.now()).requested_by == admin_ann_actor.user
    )
    assert AuditEvent.objects.get(action="labels.export").user == admin_ann_actor.user


def test_a_withdrawal_between_asking_and_working_takes_the_recording_out(prediction, rita_actor, st_mary, out):
    read(prediction, rita_actor)
    export_request(hospital=st_mary, actor=None, at=timezone.now())
    Recording.objects.update(withdrawn_at=timezone.now())
    claimed = export_claim(at=timezone.now())
    from classify.labels.work import export_work, export_write

    assert export_work(claimed, out, enough=lambda: False, now=timezone.now)
    assert export_write(claimed, out, at=timezone.now()) == ""
    assert set(ExportedLabel.objects.values_list("left_out", flat=True)) == {"withdrawn"}


@pytest.mark.parametrize("name", ["labels.csv", "manifest.json", "traces"])
def test_a_package_that_was_changed_is_refused(prediction, rita_actor, out, name):
    read(prediction, rita_actor)
    export(out)
    folder = next(out.iterdir())
    path = folder / name if name != "traces" else next((folder / name).iterdir())
    if name == "manifest.json":
        document = json.loads(path.read_text())
        path.write_text(json.dumps({**document, "files": {}}))
    else:
        path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(LabelPackageError):
        package_read(folder)


def test_the_table_opens_as_plain_csv(prediction, rita_actor, out):
    read(prediction, rita_actor)
    export(out)
    with next(out.rglob("labels.csv")).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == prediction.beat_count
    assert {row["aami_class"] for row in rows} == {"N"}
