from classify.models import Job
from classify.tracings.models import StoredTracing
from classify.tracings.packing import tracing_packed
from worker.tracing import Tracing


def tracing_store(job: Job, tracing: Tracing | None) -> None:
    """Call it inside the transaction that closes the job; where nothing was found, nothing is stored."""
    if tracing is not None:
        StoredTracing.objects.create(job=job, packed=tracing_packed(tracing))
