"""What the model said, written once."""

from collections import Counter

from classify.models import Beat, Job, Prediction
from worker.ecg.annotations import AAMI_CLASSES
from worker.results import BeatResult, EcgResult


def prediction_create(*, job: Job, result: EcgResult) -> Prediction:
    """Call it inside the transaction that closes the job."""
    prediction = Prediction.objects.create(
        recording=job.recording,
        job=job,
        kind=result.kind,
        model_name=result.model.name,
        model_version=result.model.version,
        model_sha256=result.model.sha256,
        settings=result.settings,
        counts=_counts(result),
        beat_count=len(result.beats),
        unsure_count=result.unsure_count,
        least_confidence=min((beat.confidence for beat in result.beats), default=0.0),
        rate_bpm=result.rate_bpm,
        rr_s=list(result.rr_s),
    )
    Beat.objects.bulk_create(_beat(prediction, beat) for beat in result.beats)
    return prediction


def _counts(result: EcgResult) -> dict[str, int]:
    found = Counter(beat.aami_class for beat in result.beats)
    return {aami_class: found[aami_class] for aami_class in AAMI_CLASSES}


def _beat(prediction: Prediction, beat: BeatResult) -> Beat:
    x, y, width, height = beat.box
    return Beat(
        prediction=prediction,
        index=beat.index,
        aami_class=beat.aami_class,
        probabilities=beat.probabilities,
        confidence=beat.confidence,
        unsure=beat.unsure,
        lead=beat.lead or "",
        x=x,
        y=y,
        width=width,
        height=height,
        r_peak_s=beat.r_peak_s,
    )
