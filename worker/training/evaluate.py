"""An artifact's figures on patients it has never seen: DS2, and paced records 104 and 217."""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.calibration import softmax
from worker.model.classifier import Classifier
from worker.training.metrics import SCORED_CLASSES, calibration_scores, paced_scores, patient_intervals, scores
from worker.training.oracle import READINGS_OF_KIND, Answers, Reading, answers_collect
from worker.training.records import DS2, PACED_TEST, record_load

# One patient holds three quarters of DS2's S beats; 201 (in DS1) and 202 are thought to be one person.
LEFT_OUT_ROWS = {"without_232": ("232",), "without_202": ("202",)}


def evaluate(
    classifier: Classifier, data: Path, *, other_leads: bool = False
) -> tuple[dict[str, Any], dict[str, Answers]]:
    """All figures, from the data alone.

    Returns
    -------
    metrics : dict
        Fractions, as they stand in the manifest.
    answers : dict of Answers
        By reading: DS2, and the paced records as ``<reading>_paced``.
    """
    readings = READINGS_OF_KIND[classifier.kind]
    answers: dict[str, Answers] = {}
    ds2: dict[str, Any] = {}
    for reading in readings:
        answers[reading] = answers_collect(classifier, data, DS2, reading)
        answers[f"{reading}_paced"] = answers_collect(classifier, data, PACED_TEST, reading)
        ds2[reading] = {"oracle": _ds2_figures(answers[reading])}
    if other_leads:
        ds2[readings[0]]["other_leads"] = _other_leads(classifier, data, readings[0])
    main = answers[readings[0]]
    paced = {reading: _paced_figures(answers[f"{reading}_paced"]) for reading in readings}
    return {
        "ds2": ds2,
        "q": {"reading": readings[0], **paced[readings[0]], "readings": paced},
        "calibration": {"reading": readings[0], **_calibration_figures(main, classifier)},
    }, answers


def _calibration_figures(answers: Answers, classifier: Classifier) -> dict[str, Any]:
    scored = answers.labels != AAMI_CLASSES.index("Q")
    logits, labels = answers.logits[scored], answers.labels[scored]
    return calibration_scores(logits, labels, classifier.temperature, classifier.threshold)


def _ds2_figures(answers: Answers) -> dict[str, Any]:
    figures = scores(answers.labels, answers.classes)
    for row, left_out in LEFT_OUT_ROWS.items():
        part = answers.of(set(DS2) - set(left_out))
        figures[row] = {key: value for key, value in scores(part.labels, part.classes).items() if key != "confusion"}
    figures["per_record"] = {name: _record_row(answers.of([name])) for name in DS2}
    confusions = np.array([row["confusion"] for row in figures["per_record"].values()])
    figures["interval_95"] = patient_intervals(confusions)
    return figures


def _other_leads(classifier: Classifier, data: Path, reading: Reading) -> dict[str, Any]:
    """The records' second leads, one row for each."""
    names_of_lead: dict[str, list[str]] = {}
    for name in DS2:
        names_of_lead.setdefault(record_load(data, name).other_lead, []).append(name)
    answers = answers_collect(classifier, data, DS2, reading, other_lead=True)
    rows = {}
    for lead, names in sorted(names_of_lead.items()):
        part = answers.of(names)
        figures = scores(part.labels, part.classes)
        rows[lead] = {"records": names, **{key: value for key, value in figures.items() if key != "confusion"}}
    return rows


def _record_row(answers: Answers) -> dict[str, Any]:
    figures = scores(answers.labels, answers.classes)
    return {"accuracy": figures["accuracy"], "confusion": figures["confusion"]}


def _paced_figures(answers: Answers) -> dict[str, Any]:
    per_record = {}
    for name in PACED_TEST:
        part = answers.of([name])
        per_record[name] = paced_scores(part.labels, part.classes)
    return {**paced_scores(answers.labels, answers.classes), "per_record": per_record}


def predictions_write(answers: dict[str, Answers], classifier: Classifier, path: Path) -> None:
    """One row for each beat: reading, record, sample, annotated class, answer, probabilities."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["reading", "record", "sample", "annotated", "answer", *AAMI_CLASSES])
        for reading, part in answers.items():
            probabilities = softmax(part.logits / classifier.temperature)
            rows = zip(part.records, part.samples, part.labels, probabilities, strict=True)
            for record, sample, label, row in rows:
                answer = AAMI_CLASSES[int(np.argmax(row))]
                table.writerow([reading, record, sample, AAMI_CLASSES[label], answer, *(f"{p:.5f}" for p in row)])


def figures_text(metrics: dict[str, Any]) -> str:
    """The figures as a table for people."""
    lines = [
        f"{'reading':<22}{'acc':>7}{'macro F1':>10}" + "".join(f"{name + ' Se/+P/F1':>20}" for name in SCORED_CLASSES)
    ]
    for reading, kinds in metrics["ds2"].items():
        oracle = kinds["oracle"]
        rows = {reading: oracle, **{f"{reading} {row}": oracle[row] for row in LEFT_OUT_ROWS}}
        rows |= {f"{reading} lead {lead}": figures for lead, figures in kinds.get("other_leads", {}).items()}
        lines.extend(_row(name, figures) for name, figures in rows.items())
    for reading, q in metrics["q"]["readings"].items():
        lines.append(f"104 and 217, {reading}: Q Se/+P/F1 {_triple(q)}, accuracy {q['accuracy']:.3f}")
    trust = metrics["calibration"]
    lines.append(
        f"calibration ({trust['reading']}): ECE {trust['ece_before']:.4f} -> {trust['ece_after']:.4f}, "
        f"Brier {trust['brier_before']:.4f} -> {trust['brier_after']:.4f}; "
        f"sure {trust['sure_share']:.3f}, error among sure {trust['error_among_sure']:.4f}"
    )
    return "\n".join(lines)


def _row(name: str, figures: dict[str, Any]) -> str:
    classes = "".join(f"{_triple(figures['per_class'][c]):>20}" for c in SCORED_CLASSES)
    return f"{name:<22}{figures['accuracy']:>7.4f}{figures['macro_f1']:>10.4f}{classes}"


def _triple(figures: dict[str, float]) -> str:
    return f"{figures['sensitivity']:.3f}/{figures['positive_predictivity']:.3f}/{figures['f1']:.3f}"
