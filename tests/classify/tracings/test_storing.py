from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from classify.jobs import job_complete, job_end, jobs_claim
from classify.models import Job
from classify.tracings.models import StoredTracing
from classify.tracings.packing import tracing_packed, tracing_unpacked
from classify.tracings.selectors import tracing_of_job
from portal.audit.append_only import AppendOnlyError
from tests.classify.conftest import NOW, result_of
from tests.support.tracings import traced_lead, tracing_with
from worker.errors import EcgError

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
LATER = NOW + timedelta(seconds=1)
SHEET = tracing_with(
    traced_lead("I", microvolts=(0, None, 250)),
    traced_lead(None, row=1, fs=None, microvolts=None, heights=(0.0, None, 1.0), peaks=traced_lead(fs=None).peaks),
    layout="rows",
    quarter_turns=3,
)


def claimed(upload: Send) -> Job:
    upload()
    (job,) = jobs_claim(worker="host:1", at=LATER)
    return job


def test_what_is_packed_is_unpacked_as_it_was() -> None:
    assert tracing_unpacked(tracing_packed(SHEET)) == SHEET


def test_a_sheet_of_twelve_leads_stays_small() -> None:
    lead = traced_lead(beats=10, microvolts=tuple(range(5000)))
    assert len(tracing_packed(tracing_with(*[lead] * 12))) < 200_000


def test_a_result_keeps_its_tracing(upload: Send) -> None:
    job = claimed(upload)
    assert job_complete(job=job, attempt=1, result=replace(result_of(), tracing=SHEET), at=LATER)
    assert tracing_of_job(job) == SHEET


def test_an_end_without_result_keeps_what_was_found(upload: Send) -> None:
    job = claimed(upload)
    assert job_end(job=job, attempt=1, error=EcgError("trace_unclear", found=SHEET), at=LATER)
    assert tracing_of_job(job) == SHEET


def test_where_nothing_was_found_nothing_is_stored(upload: Send) -> None:
    job = claimed(upload)
    assert job_end(job=job, attempt=1, error=EcgError("not_an_ecg"), at=LATER)
    assert tracing_of_job(job) is None
    assert tracing_of_job(None) is None


def test_a_late_result_stores_no_tracing(upload: Send) -> None:
    job = claimed(upload)
    assert not job_complete(job=job, attempt=2, result=replace(result_of(), tracing=SHEET), at=LATER)
    assert not StoredTracing.objects.exists()


def test_a_tracing_is_never_changed(upload: Send) -> None:
    job = claimed(upload)
    job_complete(job=job, attempt=1, result=replace(result_of(), tracing=SHEET), at=LATER)
    with pytest.raises(AppendOnlyError):
        StoredTracing.objects.update(packed=b"")
    with pytest.raises(AppendOnlyError):
        StoredTracing.objects.get().save()
