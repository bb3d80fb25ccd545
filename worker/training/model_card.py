"""The model card: what a model is for, how well it did on new patients, and where it fails."""

from typing import Any, Final

from worker.training.metrics import SCORED_CLASSES

CARD_NAME: Final = "model_card.md"

_TITLES: Final = {
    "crop": "each beat as one picture (the paper's window and drawing)",
    "strip10": "strips of 10 s",
    "whole": "whole recordings of 30 min",
}
_INTENDED: Final = {
    "beat": "Pictures that hold a single heartbeat without a time scale. The drawing is that of Jun et al. 2018 "
    "(arXiv 1804.06812): from 20 samples (at 360 Hz) after the previous beat to 20 before the next, autoscaled.",
    "context": "Single-lead strips from 2.5 s to hours, with R peaks found beforehand. Each beat is shown to the "
    "network five times: the beat in fixed axes, the strip's median beat, their difference, the rhythm scaled by "
    "the mean RR interval, and a tachogram. Where the picture carries no time, a mean RR interval of 0.8 s is assumed.",
}
_LIMITS: Final = {
    "beat": """* **The drawing itself loses much on new patients.** The same kind of picture gives about 99 % in
  folds in which beats of one patient stand on both sides; on new patients it gives the figures above. Autoscaling hides
  the beat's width and height, and one beat does not show the rhythm: S is often no more than a guess here.
  Upload a strip wherever there is one.
* A crop by another rule than the paper's shows the neighbours elsewhere, or not at all; training varied the
  extent widely, the figures above are for the paper's window alone.""",
    "context": """* **The idea of simulated rhythms came from looking at DS2's errors by record** (record 232: atrial
  runs that end in pauses, of which the training records have none). What followed was chosen on DS1 alone, but DS2 is
  not untouched by the idea; expect less on other patients.
* S rests on rhythm. In strips that are short, or that lie within an ectopic run, little tells S from N;
  irregular rhythms (atrial fibrillation) give false S.
* Within a strip in which ectopic or paced beats are the majority, the median beat is theirs.
* Figures are for the annotators' R peaks. A detector that misses or invents beats changes rhythm and answer.""",
}


def model_card(manifest: dict[str, Any]) -> str:
    """The card in Markdown, from a manifest."""
    metrics = manifest["metrics"]
    held_out = metrics["held_out"]
    parts = [
        f"# {manifest['name']} {manifest['version']}",
        "Research software, not a medical device. Its answers are for reading by a physician, not instead of one.",
        "## Figures on new patients",
        _new_patients(metrics) if "ds2" in metrics else "DS2 has not been opened for this version.",
        "## Figures on held-out training records",
        "Used to choose prior, temperature and threshold, hence no test. Records "
        f"{', '.join(held_out['records'])} of DS1, left out of the fit:\n\n{_table({'held out': held_out})}",
        f"## Intended use\n\n{_INTENDED[manifest['kind']]}",
        "Classes are those of AAMI EC57: N normal, S supraventricular ectopic, V ventricular ectopic, F fusion, "
        "Q unknown (paced or unclassifiable).",
        f"## Limits and failures\n\n{_LIMITS[manifest['kind']]}\n{_COMMON_LIMITS}",
        f"## Training\n\n{_training(manifest)}",
        f"## Data\n\n{_data(manifest)}",
    ]
    return "\n\n".join(parts) + "\n"


_COMMON_LIMITS: Final = """\
* F: nearly all fusion beats are one patient's, in training (208) and in the test (213): its figures say little.
* Q: paced beats were learned from two patients (102, 107) and tested on two (104, 217).
* Lead MLII of one hospital's Holter recorders of 1975-79, 360 Hz. Other leads were seen in training now and then
  (the records' second lead). No children, no 12-lead machines, no photographs.
* An answer below the threshold is shown as unsure. Above it, errors remain: see the calibration row."""


def _new_patients(metrics: dict[str, Any]) -> str:
    rows = {}
    for reading, kinds in metrics["ds2"].items():
        oracle, short = kinds["oracle"], _TITLES[reading].split(" (")[0]
        rows[_TITLES[reading]] = oracle
        rows[f"{short}, without record 232 (three quarters of DS2's S)"] = oracle["without_232"]
        rows[f"{short}, without record 202"] = oracle["without_202"]
        for lead, figures in kinds.get("other_leads", {}).items():
            rows[f"{short}, second lead {lead} ({len(figures['records'])} patients)"] = figures
    q, trust = metrics["q"], metrics["calibration"]
    return "\n\n".join(
        [
            "DS2 of de Chazal's split of the MIT-BIH Arrhythmia Database: 22 patients that training never saw, beats "
            "where the annotators put them, no adaptation. An answer Q counts as an error; annotated Q is not scored.",
            _table(rows),
            _intervals(metrics),
            _worst_records(metrics),
            f"Paced records 104 and 217 ({_TITLES[q['reading']]}): Q sensitivity {q['sensitivity']:.3f}, positive "
            f"predictivity {q['positive_predictivity']:.3f}, F1 {q['f1']:.3f} ("
            + "; ".join(f"{name}: sensitivity {row['sensitivity']:.3f}" for name, row in q["per_record"].items())
            + ").",
            f"Calibration on DS2: expected error {trust['ece_before']:.3f} before and {trust['ece_after']:.3f} after "
            f"the temperature, Brier score {trust['brier_before']:.3f} and {trust['brier_after']:.3f}. At the "
            f"threshold {trust['sure_share']:.1%} of beats are sure; {trust['error_among_sure']:.1%} of those are "
            f"wrong (of all beats {trust['error_among_all']:.1%}).",
        ]
    )


def _table(rows: dict[str, dict[str, Any]]) -> str:
    heads = [f"{name} Se / +P / F1" for name in SCORED_CLASSES]
    lines = ["| | accuracy | macro F1 | " + " | ".join(heads) + " |", "|---|---|---|" + "---|" * len(heads)]
    for title, figures in rows.items():
        classes = [figures["per_class"][name] for name in SCORED_CLASSES]
        cells = [f"{c['sensitivity']:.3f} / {c['positive_predictivity']:.3f} / {c['f1']:.3f}" for c in classes]
        lines.append(f"| {title} | {figures['accuracy']:.3f} | {figures['macro_f1']:.3f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _intervals(metrics: dict[str, Any]) -> str:
    reading, kinds = next(iter(metrics["ds2"].items()))
    if "interval_95" not in kinds["oracle"]:
        return "Intervals by patient were not computed."
    listed = ", ".join(
        f"{key.replace('_', ' ')} {low:.3f} to {high:.3f}"
        for key, (low, high) in kinds["oracle"]["interval_95"].items()
    )
    return f"95 % intervals, patients drawn with replacement ({_TITLES[reading]}): {listed}."


def _worst_records(metrics: dict[str, Any]) -> str:
    reading, kinds = next(iter(metrics["ds2"].items()))
    per_record = kinds["oracle"]["per_record"]
    worst = sorted(per_record, key=lambda name: per_record[name]["accuracy"])[:5]
    listed = ", ".join(f"{name} {per_record[name]['accuracy']:.3f}" for name in worst)
    return f"Patients with the lowest accuracy ({_TITLES[reading]}): {listed}."


def _training(manifest: dict[str, Any]) -> str:
    training = manifest["config"]["training"]
    return (
        f"Records {' '.join(manifest['training_records']['NSVF'])} (N S V F) and "
        f"{' '.join(manifest['training_records']['Q'])} (Q). {manifest['parameters']:,} parameters, "
        f"{manifest['mmac_per_beat']} million multiply-accumulates a beat, seed {manifest['seed']}, "
        f"{training['epochs']} epochs of {training['epoch_beats']:,} beats. Temperature {manifest['temperature']}, "
        f"threshold {manifest['threshold']} (chosen for "
        f"{manifest['config']['selection']['unsure_beat_error']:.0%} wrong among the sure beats of held-out records). "
        "Repeat with `python -m worker.training prepare`, `train` and `evaluate`."
    )


def _data(manifest: dict[str, Any]) -> str:
    dataset = manifest["dataset"]
    cited = "\n".join(f"* {reference}" for reference in dataset["cite"])
    return f"{dataset['name']}, {dataset['url']}, {dataset['license']}.\n\n{cited}"
