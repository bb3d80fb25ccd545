from classify.models import Job
from classify.tracings.models import StoredTracing
from classify.tracings.packing import tracing_unpacked
from worker.tracing import Tracing


def tracing_of_job(job: Job | None) -> Tracing | None:
    """What a job found in its picture. Call it for a job whose recording the actor may see."""
    stored = StoredTracing.objects.filter(job=job).first() if job else None
    return tracing_unpacked(bytes(stored.packed)) if stored else None
