"""The model card: what a model is for, how well it did on new patients, and where it fails."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from worker.model.manifest_rows import READING_TITLES, main_rows, other_rows, title, titled
from worker.training.publishing.markdown_table import markdown_table

CARD_NAME: Final = "model_card.md"

_INTENDED: Final = {
    "beat": "Pictures that hold a single heartbeat without a time scale. The drawing is that of Jun et al. 2018 "
    "(arXiv 1804.06812): from 20 samples (at 360 Hz) after the previous beat to 20 before the next, autoscaled.",
    "context": "Single-lead strips from 2.5 s to hours, with R peaks found beforehand. Where the picture "
    "carries no time, a mean RR interval of 0.8 s is assumed.",
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
  not untouched by the ideas; expect less on others.
* S rests on rhythm. In strips that are short, or that lie within an ectopic run, little tells S from N;
  irregular rhythms (atrial fibrillation) give false S.
* Within a strip in which ectopic or paced beats are the majority, the median beat is theirs.
* A detector that misses or invents beats changes rhythm and answer; rows of annotated R peaks do not hold that.""",
}


def model_card(manifest: dict[str, Any]) -> str:
    """The card in Markdown, from a manifest."""
    metrics = manifest["metrics"]
    parts = [
        f"# {manifest['name']} {manifest['version']}",
        "Research software, not a medical device. Its answers are for reading by a physician, not instead of one.",
        "## Figures on new patients",
        *(_new_patients(manifest) if "ds2" in metrics else ["DS2 has not been opened for this version."]),
        "## Figures on held-out training records",
        *_held_out(metrics, seen_by_base="base" in manifest),
        *_paper(metrics),
        f"## Intended use\n\n{_INTENDED[manifest['kind']]}\n\nInput: {manifest['input']['description']}",
        "Classes are those of AAMI EC57: N normal, S supraventricular ectopic, V ventricular ectopic, F fusion, "
        "Q unknown (paced or unclassifiable).",
        f"## Limits and failures\n\n{_LIMITS[manifest['kind']]}\n{_of_recording_prior(manifest)}{_COMMON_LIMITS}",
        f"## Training\n\n{_training(manifest)}",
        *_from_labels(manifest),
        f"## Data\n\n{_data(manifest)}",
    ]
    return "\n\n".join(parts) + "\n"


_COMMON_LIMITS: Final = """\
* F: nearly all fusion beats are one patient's, in training (208) and in the test (213): its figures say little.
* Q: paced beats were learned from two patients (102, 107) and tested on two (104, 217).
* Lead MLII of one hospital's Holter recorders of 1975-79, 360 Hz. Other leads were seen in training now and then
  (the records' second lead). No children, no 12-lead machines, no photographs.
* In noise less is called S, V or F and more N: accuracy may stay or rise while they are missed. Look at their
  sensitivity.
* An answer below the threshold is shown as unsure. Above it, errors remain: see the calibration row."""


def unlabelled(manifest: dict[str, Any]) -> str:
    """What "no adaptation" leaves out of a model that reads a recording's share of S from its answers."""
    if "recording_prior" not in manifest:
        return ""
    return (
        " to any label of theirs (how frequent S is in a strip is estimated from the answers to it, after Saerens et "
        "al. 2002; the row without that stands beside)"
    )


def _of_recording_prior(manifest: dict[str, Any]) -> str:
    if "recording_prior" not in manifest:
        return ""
    return (
        "* How frequent S is in a strip is estimated from its own answers: where many are S, doubtful beats become S,\n"
        "  also where those answers were wrong; where none is, a single S is found less easily.\n"
        "* That estimate, the comparison with beats after pauses, simulated AV block (record 231) and the simulated\n"
        "  rhythms on which choices were made were ideas that DS2's errors by record suggested, too.\n"
    )


def _new_patients(manifest: dict[str, Any]) -> list[str]:
    metrics = manifest["metrics"]
    ds2 = metrics["ds2"]
    parts = [
        "DS2 of de Chazal's split of the MIT-BIH Arrhythmia Database: 22 patients that training never saw, no "
        f"adaptation{unlabelled(manifest)}. An answer Q counts as an error; annotated "
        "Q is not scored. With detected R peaks a missed beat is an error of its class, and a detection that is no "
        "beat counts against the class that it was answered with.",
        markdown_table(titled(main_rows(ds2))),
        seeds_text(metrics),
        intervals_text(ds2),
        _worst_records(ds2),
        *_other(ds2),
        paced_text(metrics),
        calibration_text(metrics),
    ]
    return [part for part in parts if part]


def _held_out(metrics: dict[str, Any], *, seen_by_base: bool) -> list[str]:
    """What was chosen on, and where it was measured, the same rows as for new patients."""
    held_out = metrics["held_out"]
    rows = [(READING_TITLES[name], row) for name, row in held_out.get("readings", {}).items()]
    rows += [
        (f"{READING_TITLES[name]}, rhythms simulated from their beats", row)
        for name, row in held_out.get("simulated", {}).items()
    ]
    records = ", ".join(held_out["records"])
    said = (
        "Used to choose prior, temperature and threshold, hence no test. Records "
        f"{records} of DS1, each left out of the fit that answered it."
    )
    if seen_by_base:
        said = f"Records {records} of DS1, which the base model saw: they show what was forgotten, and are no test."
    if "ds1_held_out" not in metrics:
        return [said, markdown_table(rows or [("held out", held_out)])]
    return [said, markdown_table(titled([*main_rows(metrics["ds1_held_out"]), *other_rows(metrics["ds1_held_out"])]))]


def _paper(metrics: dict[str, Any]) -> list[str]:
    """What a network of the same design reaches where beats are shuffled, as the paper's were."""
    if "paper" not in metrics:
        return []
    paper = metrics["paper"]
    return [
        "## Figures in the paper's protocol",
        f"Jun et al. 2018 shuffle beats, so that each patient stands on both sides: **no figures for new patients**. A "
        f"network of this design with eight outputs, {paper['beats']:,} beats, {paper['folds']} of 10 folds, normal "
        f"against abnormal: accuracy {paper['accuracy']:.4f}, specificity {paper['specificity']:.4f}, sensitivity "
        f"{paper['sensitivity']:.4f}, positive predictivity {paper['positive_predictivity']:.4f}, area under the curve "
        f"{paper['auc']:.4f}. Every answer: `{paper['predictions']}`.",
    ]


def seeds_text(metrics: dict[str, Any]) -> str:
    """Mean and spread over seeds, where they were measured."""
    if "seeds" not in metrics:
        return ""
    seeds = metrics["seeds"]
    lines = [f"Over {seeds['count']} networks ({seeds['networks']}), mean ± standard deviation:"]
    for reading, figures in seeds["readings"].items():
        listed = ", ".join(f"{_words(name)} {v['mean']:.3f} ± {v['sd']:.3f}" for name, v in figures.items())
        lines.append(f"* {READING_TITLES[reading]}: {listed}.")
    return "\n".join(lines)


def intervals_text(ds2: dict[str, Any]) -> str:
    """The intervals by patient of each reading."""
    return intervals_listed(titled(main_rows(ds2)))


def intervals_listed(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """The intervals by patient of rows with their titles, where a row has them."""
    lines = [
        f"* {name}: "
        + ", ".join(f"{_words(key)} {low:.3f} to {high:.3f}" for key, (low, high) in figures["interval_95"].items())
        + "."
        for name, figures in rows
        if "interval_95" in figures
    ]
    return "\n".join(["95 % intervals, patients drawn with replacement:", *lines]) if lines else ""


def _words(name: str) -> str:
    return {"macro_f1": "macro F1 N S V F", "macro_f1_nsv": "macro F1 N S V"}.get(name, name.replace("f1_", "F1 "))


def _worst_records(ds2: dict[str, Any]) -> str:
    path, figures = main_rows(ds2)[0]
    per_record = figures["per_record"]
    worst = sorted(per_record, key=lambda name: per_record[name]["accuracy"])[:5]
    listed = ", ".join(f"{name} {per_record[name]['accuracy']:.3f}" for name in worst)
    return f"Patients with the lowest accuracy ({title(path, figures)}): {listed}."


def _other(ds2: dict[str, Any]) -> list[str]:
    rows = other_rows(ds2)
    if not rows:
        return []
    reading = next((figures["reading"] for _, figures in rows if "reading" in figures), None)
    said = "Other leads, short pieces, unknown lead, noise and pictures"
    return [
        f"{said} ({READING_TITLES[reading]} unless named):" if reading else f"{said}:",
        markdown_table(titled(rows)),
    ]


def paced_text(metrics: dict[str, Any]) -> str:
    """Class Q on the paced test records."""
    if "q" not in metrics:
        return ""
    q = metrics["q"]
    each = "; ".join(f"{name}: sensitivity {row['sensitivity']:.3f}" for name, row in q["per_record"].items())
    return (
        f"Paced records 104 and 217 ({READING_TITLES[q['reading']]}): Q sensitivity {q['sensitivity']:.3f}, positive "
        f"predictivity {q['positive_predictivity']:.3f}, F1 {q['f1']:.3f} ({each})."
    )


def calibration_text(metrics: dict[str, Any]) -> str:
    """How far the confidences can be believed on new patients."""
    if "calibration" not in metrics:
        return ""
    trust = metrics["calibration"]
    return (
        f"Calibration on DS2 ({READING_TITLES[trust['reading']]}): expected error {trust['ece_before']:.3f} before and "
        f"{trust['ece_after']:.3f} after the temperature, Brier score {trust['brier_before']:.3f} and "
        f"{trust['brier_after']:.3f}. At the threshold {trust['sure_share']:.1%} of beats are sure; "
        f"{trust['error_among_sure']:.1%} of those are wrong (of all beats {trust['error_among_all']:.1%})."
    )


def _training(manifest: dict[str, Any]) -> str:
    training = manifest["config"]["training"]
    return (
        f"Records {' '.join(manifest['training_records']['NSVF'])} (N S V F) and "
        f"{' '.join(manifest['training_records']['Q'])} (Q). {manifest['parameters']:,} parameters, "
        f"{manifest['mmac_per_beat']} million multiply-accumulates a beat, seed {manifest['seed']}, "
        f"{training['epochs']} epochs of {training['epoch_beats']:,} beats. Temperature {manifest['temperature']}, "
        f"threshold {manifest['threshold']} (chosen for "
        f"{manifest['config']['selection']['unsure_beat_error']:.0%} wrong among the sure beats of held-out records). "
        "Repeat with `python -m worker.training prepare`, `train` and `evaluate` at the commit that added "
        f"`worker/artifacts/{manifest['kind']}/{manifest['version']}/network.keras`: later ones draw and simulate "
        "otherwise."
    )


def _from_labels(manifest: dict[str, Any]) -> list[str]:
    """Of a model that was fine-tuned on what physicians said: on how much, and what it changed."""
    if "labels" not in manifest:
        return []
    base, learned, held_out = manifest["base"], manifest["labels"]["trained_on"], manifest["labels"]["held_out"]
    classes = ", ".join(f"{name} {count:,}" for name, count in learned["by_class"].items())
    titles = {"ds1": "held-out DS1 records", "labels": "held-out patients"}
    rows = [
        (f"{titles[place]}, {when}", figures)
        for place, both in manifest["metrics"]["fine_tune"].items()
        for when, figures in both.items()
    ]
    return [
        f"Fine-tuned from {base['name']} {base['version']} on {learned['beats']:,} beats ({classes}) of "
        f"{learned['patients']} patients that physicians confirmed or corrected, mixed with DS1; "
        f"{held_out['beats']:,} beats of {held_out['patients']} patients were held out. Temperature and threshold are "
        "never less strict than the base model's.",
        markdown_table(rows, "before and after"),
    ]


def _data(manifest: dict[str, Any]) -> str:
    dataset = manifest["dataset"]
    cited = "\n".join(f"* {reference}" for reference in dataset["cite"])
    return f"{dataset['name']}, {dataset['url']}, {dataset['license']}.\n\n{cited}"
