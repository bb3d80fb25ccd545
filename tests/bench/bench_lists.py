"""Timeline, patients list and API lists with 100 and with 100,000 recordings: queries and milliseconds.

    python -m tests.bench.bench_lists [--sizes 100 100000]

Rows are written straight into a database of a random name (PostgreSQL where it is found, SQLite otherwise), which is
dropped again. Half of all recordings stand on the one patient whose timeline is asked for. Each figure is the median of
seven requests through Django's test client, after one that warms up.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.services import random_database
from tests.support.session import Session

REPEATS = 7
BATCH = 2000
AT = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def own_database() -> Iterator[None]:
    session = Session()
    try:
        session.enter()
        os.environ["ALLOWED_HOSTS"] = "testserver"
        if session.postgres is None:
            django_start()
            yield
            return
        with random_database(session.postgres) as url:
            os.environ["DATABASE_URL"] = url
            django_start()
            yield
            from django.db import connection

            connection.close()
    finally:
        session.leave()


def django_start() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    print(f"{connection.vendor}; {platform.platform()}, {os.cpu_count()} cores", flush=True)


def people_make() -> tuple[Any, Any, str]:
    """A doctor, the hospital, and a token of the hospital's system."""
    from portal.accounts.models import Hospital
    from portal.accounts.permissions import SCOPES
    from portal.accounts.services import person_create, service_account_create

    hospital = Hospital.objects.create(name="Bench")
    doctor = person_create(
        hospital=hospital, email="bench@example.org", full_name="Bench", roles=["doctor"], password=None
    )
    now = datetime.now(UTC)
    _, token = service_account_create(
        hospital=hospital, name="Bench", scopes=SCOPES, expires_at=now + timedelta(days=1), at=now
    )
    return doctor, hospital, token


def recordings_grow(hospital: Any, doctor: Any, size: int) -> Any:
    """Brings the hospital to ``size`` recordings; the patient with half of them."""
    from classify.models import Job, Prediction, Recording
    from patients.models import Patient, TimelineEntry

    start = Recording.objects.count()
    patients = patients_grow(hospital, doctor, size // 10)
    for first in range(start, size, BATCH):
        numbers = range(first, min(first + BATCH, size))
        recordings = [
            Recording(
                hospital=hospital,
                patient=patients[0 if n % 2 else 1 + n % (len(patients) - 1)],
                uploaded_by=doctor,
                recorded_at=AT - timedelta(minutes=n),
                recorded_precision="exact",
                original="none",
                content_type="image/png",
                size_bytes=1,
                sha256=f"{n:064x}",
            )
            for n in numbers
        ]
        Recording.objects.bulk_create(recordings)
        jobs = [
            Job(recording=recording, state="done", kind="strip", queued_at=AT, not_before=AT, finished_at=AT)
            for recording in recordings
        ]
        Job.objects.bulk_create(jobs)
        for recording, job in zip(recordings, jobs, strict=True):
            recording.current_job = job
        Recording.objects.bulk_update(recordings, ["current_job"])
        Prediction.objects.bulk_create(prediction(job) for job in jobs)
        TimelineEntry.objects.bulk_create(
            TimelineEntry(
                patient=recording.patient, kind="recording", ref=recording.pk, occurred_at=recording.recorded_at
            )
            for recording in recordings
        )
    return Patient.objects.get(mrn="B0")


def patients_grow(hospital: Any, doctor: Any, size: int) -> list[Any]:
    from patients.models import Patient

    Patient.objects.bulk_create(
        (
            Patient(
                hospital=hospital,
                created_by=doctor,
                mrn=f"B{n}",
                family_name=f"Vale{n}",
                given_name="Iris",
                birth_date=AT.date(),
            )
            for n in range(Patient.objects.count(), size)
        ),
        batch_size=BATCH,
    )
    return list(Patient.objects.order_by("created_at", "pk"))


def prediction(job: Any) -> Any:
    from classify.models import Prediction

    return Prediction(
        recording_id=job.recording_id,
        job=job,
        kind="strip",
        model_name="context",
        model_version="1.0.0",
        model_sha256="0" * 64,
        counts={"N": 10, "S": 0, "V": 1, "F": 0, "Q": 0},
        beat_count=11,
        least_confidence=0.8,
        rate_bpm=72.0,
    )


def measure(name: str, ask: Any) -> None:
    from django.db import connection

    queries: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    assert ask().status_code == 200, name
    with connection.execute_wrapper(note):
        ask()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        ask()
        times.append(time.perf_counter() - started)
    print(f"  {name:34} {len(queries):3} queries  {statistics.median(times) * 1000:7.1f} ms", flush=True)


def measure_all(doctor: Any, token: str, patient: Any) -> None:
    from django.db import connection
    from django.test import Client

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    page, api = Client(), Client(headers={"Authorization": f"Bearer {token}"})
    page.force_login(doctor)
    body, with_v = {"query": "iris vale1"}, {"aami_class": "V", "ordering": "-recorded_at"}
    measure("timeline", lambda: page.get(f"/patients/{patient.pk}/"))
    measure("patients list", lambda: page.get("/patients/"))
    measure("today", lambda: page.get("/today/"))
    measure("API recordings", lambda: api.get("/api/v1/recordings/"))
    measure("API recordings of a patient", lambda: api.get("/api/v1/recordings/", {"patient": str(patient.pk)}))
    measure("API recordings with V, by taken at", lambda: api.get("/api/v1/recordings/", with_v))
    measure("API predictions", lambda: api.get("/api/v1/predictions/"))
    measure("API patients", lambda: api.get("/api/v1/patients/"))
    measure("API patient search", lambda: api.post("/api/v1/patients/search", body, content_type="application/json"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 100_000])
    sizes = sorted(parser.parse_args().sizes)
    with own_database():
        doctor, hospital, token = people_make()
        for size in sizes:
            patient = recordings_grow(hospital, doctor, size)
            print(f"{size:,} recordings of {max(size // 10, 2):,} patients", flush=True)
            measure_all(doctor, token, patient)


if __name__ == "__main__":
    main()
