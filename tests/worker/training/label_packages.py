"""Packages of labels for tests: made-up strips, every fourth beat ventricular, labelled as a physician would."""

import numpy as np

from tests.worker.drawings import made_up_ecg
from worker.training.labels.label_package import LabelRow, LabelTrace, package_finish, trace_write


def label_row(**fields):
    known = {
        "kind": "strip",
        "lead": "II",
        "aami_class": "N",
        "outcome": "confirmed",
        "readers": 1,
        "reader": "r1",
        "reader_role": "reviewer",
        "signed": "2026-11",
        "model_name": "beatline-context",
        "model_version": "1.0.0",
        "model_sha256": "a" * 64,
        "answer": "N",
        "confidence": 0.9,
        "unsure": 0,
    }
    return LabelRow(**{**known, **fields})


def write_package(folder, *, patients=range(12), number=1, seconds=10.0, kind="strip", relabel=None):
    """One strip for each patient; ``relabel`` is a class for every beat, in place of N and V."""
    folder.mkdir(parents=True)
    rows = []
    for patient in patients:
        ecg = made_up_ecg(np.random.default_rng(patient), seconds=seconds, ventricular=True)
        recording = f"recording{patient:03}"
        if kind == "beat":
            peak = int(ecg.r_s[1] * ecg.fs)
            trace = LabelTrace(ecg.mv[peak - 100 : peak + 150], None, np.array([100]))
        else:
            trace = LabelTrace(ecg.mv, ecg.fs, (ecg.r_s * ecg.fs).astype(int))
        trace_write(folder, recording, trace)
        intervals = np.diff(ecg.r_s, prepend=ecg.r_s[0] - 0.8)
        for index in range(len(trace.r_peaks)):
            said = "V" if intervals[index] < 0.65 else "N"
            rows.append(
                label_row(
                    beat=f"{recording}/{index}",
                    recording=recording,
                    patient=f"patient{patient:03}",
                    kind=kind,
                    index=index,
                    aami_class=relabel or said,
                )
            )
    about = {"number": number, "hospital": "h1", "created": "2026-11-24", "counts": {"beats": len(rows)}}
    package_finish(folder, rows, about)
    return folder
