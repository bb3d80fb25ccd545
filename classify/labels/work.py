"""From an export's labels to its package: reads the stored pictures again, so only a worker imports it.

Each turn does a few recordings; what an earlier turn left in the folder is not done again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from classify.forms import LEADS
from classify.labels.models import ExportedLabel, LabelExport
from classify.labels.pseudonyms import pseudonym
from classify.labels.reasons import NO_PICTURE, READ_OTHERWISE, WITHDRAWN
from classify.labels.rules import RULE, RULE_WORDS
from classify.labels.services import export_progress, recording_leave_out
from classify.models import Beat, Prediction
from classify.told import told_for
from portal.accounts.permissions import Role
from worker.ecg.annotations import AAMI_CLASSES
from worker.errors import EcgError
from worker.image.decode import decode_picture
from worker.image.read import read_picture
from worker.image.reading import Reading
from worker.training.labels.label_package import LabelRow, LabelTrace, package_finish, trace_path, trace_write

log = logging.getLogger(__name__)

SAME_PLACE_PX: Final = 3
LICENCE: Final = (
    "These labels and traces belong to the hospital that exported them. They may be used to train and check "
    "Beatline's models within what the hospital's patients or its ethics board consented to, and are not to be passed "
    "on. They are pseudonymous health data, not anonymous: the portal can trace them back."
)


def export_work(export: LabelExport, folder: Path, *, enough: Callable[[], bool], now: Callable[[], datetime]) -> bool:
    """Adds traces to the package until ``enough()``; whether all recordings are done."""
    predictions = list(_predictions(export))
    for done, prediction in enumerate(predictions, start=1):
        if not _is_done(export, folder, prediction):
            if enough():
                return False
            _recording_add(export, folder, prediction)
            export_progress(export, done=done, at=now())
    return True


def export_write(export: LabelExport, folder: Path, *, at: datetime) -> str:
    """Completes the package of an export whose recordings are all done; its checksum, or "" where nothing is left."""
    for prediction in _predictions(export):
        if prediction.recording.is_withdrawn:  # after its turn
            recording_leave_out(export, prediction, WITHDRAWN)
            trace_path(folder, pseudonym("recording", prediction.recording_id)).unlink(missing_ok=True)
    labels = list(_labels(export))
    if not labels:
        return ""
    rows = [_row(label) for label in labels]
    return package_finish(folder, rows, _about(export, labels, rows, at))


def _predictions(export: LabelExport) -> Iterable[Prediction]:
    chosen = ExportedLabel.objects.filter(export=export).values("beat__prediction")
    return Prediction.objects.filter(pk__in=chosen).select_related("recording").order_by("pk")


def _is_done(export: LabelExport, folder: Path, prediction: Prediction) -> bool:
    if trace_path(folder, pseudonym("recording", prediction.recording_id)).is_file():
        return True
    return not ExportedLabel.objects.filter(export=export, beat__prediction=prediction, left_out="").exists()


def _recording_add(export: LabelExport, folder: Path, prediction: Prediction) -> None:
    if prediction.recording.is_withdrawn:  # since the export was asked for
        return recording_leave_out(export, prediction, WITHDRAWN)
    try:
        with prediction.recording.original.open("rb") as file:
            picture = decode_picture(file.read(), page=prediction.recording.page)
        reading = read_picture(picture, told_for(prediction))
    except (EcgError, FileNotFoundError) as error:
        log.info("Recording %s has no trace any more: %s.", prediction.recording_id, type(error).__name__)
        return recording_leave_out(export, prediction, NO_PICTURE)
    if not _is_same(reading, prediction) or len(reading.answered) != 1:  # a label package holds one trace each
        return recording_leave_out(export, prediction, READ_OTHERWISE)
    (lead,) = reading.answered
    trace = LabelTrace(lead.values, lead.fs, lead.r_peaks)
    trace_write(folder, pseudonym("recording", prediction.recording_id), trace)


def _is_same(reading: Reading, prediction: Prediction) -> bool:
    """Whether the picture is still read to the beats that people labelled: the reader may be newer than the answer."""
    beats = list(prediction.beats.all())
    return (
        reading.kind == prediction.kind
        and len(reading.boxes) == len(beats)
        and all(_near(box, beat) for box, beat in zip(reading.boxes, beats, strict=True))
    )


def _near(box: tuple[int, int, int, int], beat: Beat) -> bool:
    return abs(box[0] - beat.x) <= SAME_PLACE_PX and abs(box[2] - beat.width) <= SAME_PLACE_PX


# --- Rows and manifest ------------------------------------------------------------------------------------------------
def _labels(export: LabelExport) -> Iterable[ExportedLabel]:
    related = ("beat__prediction__recording", "reading")
    return ExportedLabel.objects.filter(export=export, left_out="").select_related(*related).order_by("pk")


def _row(label: ExportedLabel) -> LabelRow:
    beat, prediction = label.beat, label.beat.prediction
    recording = prediction.recording
    return LabelRow(
        beat=pseudonym("beat", f"{recording.pk}/{beat.index}"),
        recording=pseudonym("recording", recording.pk),
        patient=pseudonym("patient", recording.patient_id),
        kind=prediction.kind,
        index=beat.index,
        lead=recording.lead if recording.lead in LEADS else "",  # an API's word may be anything
        aami_class=label.aami_class,
        outcome="confirmed" if label.aami_class == beat.aami_class else "corrected",
        readers=label.readers,
        reader=pseudonym("reader", label.reading.reader_id),
        reader_role=str(Role.REVIEWER),  # nobody else may sign
        signed=f"{label.reading.signed_at:%Y-%m}",  # a day could be matched with an appointment
        model_name=prediction.model_name,
        model_version=prediction.model_version,
        model_sha256=prediction.model_sha256,
        answer=beat.aami_class,
        confidence=round(beat.confidence, 6),
        unsure=int(beat.unsure),
    )


def _about(export: LabelExport, labels: list[ExportedLabel], rows: list[LabelRow], at: datetime) -> dict[str, Any]:
    late = Counter(ExportedLabel.objects.filter(export=export).exclude(left_out="").values_list("left_out", flat=True))
    models = Counter((row.model_name, row.model_version, row.model_sha256) for row in rows)
    return {
        "number": export.number,
        "hospital": pseudonym("hospital", export.hospital_id),
        "created": at.date().isoformat(),
        "rule": {"name": RULE, "words": RULE_WORDS},
        "counts": {
            "beats": len(rows),
            "recordings": len({row.recording for row in rows}),
            "patients": len({row.patient for row in rows}),
            "readers": len({row.reader for row in rows}),
            "by_class": _by_class(rows),
            "by_kind": {kind: _by_class(r for r in rows if r.kind == kind) for kind in sorted({r.kind for r in rows})},
            "by_outcome": dict(sorted(Counter(row.outcome for row in rows).items())),
        },
        "left_out": dict(sorted((Counter(export.left_out) + late).items())),
        "models": [
            {"name": name, "version": version, "sha256": sha256, "beats": beats}
            for (name, version, sha256), beats in sorted(models.items())
        ],
        "licence": LICENCE,
    }


def _by_class(rows: Iterable[LabelRow]) -> dict[str, int]:
    found = Counter(row.aami_class for row in rows)
    return {name: found[name] for name in AAMI_CLASSES if found[name]}
