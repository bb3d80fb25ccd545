"""The labels that there are, and those that no export holds yet."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from django.db.models import Prefetch

from classify.demo import PICTURES
from classify.labels.models import ExportedLabel, ExportState, LabelExport
from classify.labels.rules import TEST_PICTURE, Label, labels_agreed
from classify.models import Prediction
from classify.review.models import Reading
from portal.accounts.actor import Actor
from portal.accounts.models import Hospital

BATCH: Final = 200


@dataclass(slots=True)
class LabelsFound:
    """``labels`` to export; ``counts`` of all labels by class, ``left_out`` beats without one by reason."""

    labels: list[Label] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def fresh(self) -> Counter[str]:
        return Counter(label.aami_class for label in self.labels)


def labels_find(hospital: Hospital, *, since: datetime | None = None, again: bool = False) -> LabelsFound:
    """The hospital's labels that no export holds with the same class; with ``again`` also those."""
    found = LabelsFound()
    for predictions in _predictions_read(hospital):
        labels = [label for prediction in predictions for label in _labels_of(prediction, found.left_out)]
        found.counts.update(label.aami_class for label in labels)
        exported = {} if again else _exported([label.beat.pk for label in labels])
        found.labels += [
            label
            for label in labels
            if exported.get(label.beat.pk) != label.aami_class and (since is None or label.reading.signed_at >= since)
        ]
    return found


def exports_list(actor: Actor | None) -> list[LabelExport]:
    return list(LabelExport.objects.visible_to(actor).select_related("requested_by"))


def patients_of(export: LabelExport) -> set[UUID]:
    """Whose beats are in its package."""
    rows = ExportedLabel.objects.filter(export=export, left_out="")
    return set(rows.values_list("beat__prediction__recording__patient", flat=True).distinct())


def _labels_of(prediction: Prediction, left_out: Counter[str]) -> list[Label]:
    labels, without = labels_agreed(prediction.beats.all(), prediction.readings.all())
    if prediction.recording.sha256 in exam_pictures():
        left_out.update({TEST_PICTURE: len(labels)} if labels else {})
        return []
    left_out.update(without)
    return labels


@cache
def exam_pictures() -> frozenset[str]:
    """Digests of the demo's pictures: they show test patients, and whoever trains on an exam passes it."""
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in PICTURES.glob("*.png"))


def _predictions_read(hospital: Hospital) -> Iterator[list[Prediction]]:
    """Of each recording the newest prediction that somebody read, with beats and readings, some at a time."""
    read = Prediction.objects.filter(
        recording__hospital=hospital, recording__withdrawn_at__isnull=True, readings__isnull=False
    )
    newest = dict(read.order_by("created_at", "pk").values_list("recording", "pk"))
    pks = sorted(newest.values())
    readings = Reading.objects.prefetch_related("corrections")
    for first in range(0, len(pks), BATCH):
        yield list(
            Prediction.objects.filter(pk__in=pks[first : first + BATCH])
            .select_related("recording")
            .prefetch_related("beats", Prefetch("readings", readings))
            .order_by("pk")
        )


def _exported(beats: list[int]) -> dict[int, str]:
    """The class with which each of these beats was exported last."""
    rows = ExportedLabel.objects.filter(beat__in=beats, left_out="").exclude(export__state=ExportState.FAILED)
    return dict(rows.order_by("export__number").values_list("beat", "aami_class"))
