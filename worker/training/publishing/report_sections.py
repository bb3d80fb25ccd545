"""The parts of ``docs/science.md``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from worker.model.manifest_rows import READING_TITLES, main_rows, other_rows, title, titled
from worker.training.paper.settings import paper_config_load
from worker.training.paper.table import table_text
from worker.training.publishing.markdown_table import markdown_table
from worker.training.publishing.model_card import calibration_text, intervals_text, paced_text, seeds_text, unlabelled
from worker.training.publishing.published import PUBLISHED, TARGETS

PAPER_CONFIGS: Final = {
    "paper-all-beats": "All beats, ten folds, ours alone: the figures to compare with print. `ours-context` sees the "
    "beats around the one that is asked, which no published network does.",
    "paper-two-cores": "Every network on the same three folds, 12,000 training beats each, 64x64 pictures, the "
    "published networks at a quarter of their width (the student's in full). Rows compare with each other, not with "
    "print.",
    "paper-in-use": "The same folds for the designs of the models in use, 1.0.0, which are older than those above.",
    "paper": "The paper's size, ten folds: for a machine with a GPU.",
}
PAPER_FOLDER: Final = "science/paper"
LOG_NAME: Final = "science-log.md"
HEADLINE: Final = {"context": "whole", "beat": "crop"}


def summary(active: dict[str, dict[str, Any]], manifests: list[dict[str, Any]]) -> str:
    """What was to be reached on new patients, and what each context model reaches."""
    in_use = active["context"]["version"]
    measured = {
        document["version"]: document["metrics"]["ds2"]["whole"]["oracle"]
        for document in manifests
        if document["kind"] == "context" and "whole" in document["metrics"].get("ds2", {})
    }
    if not measured:
        return "## Targets\n\nDS2 has not been opened for a context model."
    titles = [f"{version} (in use)" if version == in_use else f"{version} (candidate)" for version in measured]
    head = f"| whole recordings of new patients | wanted | {' | '.join(titles)} |"
    lines = [head, "|---|---|" + "---|" * len(titles)]
    for target in TARGETS:
        reached = (
            f"{target.measured(figures):.4f} {'reached' if target.met(figures) else 'missed'}"
            for figures in measured.values()
        )
        lines.append(f"| {target.words} | {target.bound} | {' | '.join(reached)} |")
    return "\n".join(
        [
            "## Targets",
            "",
            "Context models, annotated R peaks. What was tried for each target, with its figure, and what we think is "
            f"missing, stands in [the log]({LOG_NAME}).",
            "",
            *lines,
        ]
    )


def new_patients(context: dict[str, Any], beat: dict[str, Any]) -> str:
    """The headline: both models on DS2, beside DS1 records that were left out of their fits."""
    return "\n\n".join(
        [
            "## New patients",
            "De Chazal's split of the MIT-BIH Arrhythmia Database by patient: DS1 to learn from, DS2 to be measured "
            f"on, paced records apart, no adaptation{unlabelled(context)}. Four classes of AAMI EC57 are scored; an "
            "answer Q is an error. "
            "The rows of DS1 are of networks that had not seen those patients; everything was chosen on them.",
            markdown_table([*left_out_and_ds2(context), *left_out_and_ds2(beat)]),
        ]
    )


def left_out_and_ds2(manifest: dict[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """A model's rows on DS1 records that were left out of its fits, then on DS2."""
    name, metrics = f"{manifest['kind']} {manifest['version']}", manifest["metrics"]
    held_out, ds2 = metrics["held_out"], main_rows(metrics.get("ds2", {}))
    readings = held_out.get("readings") or {ds2[0][0][0] if ds2 else HEADLINE[manifest["kind"]]: held_out}
    return [
        *((f"{name}, DS1 records left out, {READING_TITLES[reading]}", found) for reading, found in readings.items()),
        *((f"{name}, **DS2**, {title(path, figures)}", figures) for path, figures in ds2 if len(path) == 2),
    ]


def model_section(manifest: dict[str, Any], plots: list[str]) -> str:
    """All rows of one model, and its plots."""
    kind, metrics = manifest["kind"], manifest["metrics"]
    ds2 = metrics.get("ds2", {})
    parts = [
        f"## {manifest['name']} {manifest['version']}",
        f"{manifest['parameters']:,} parameters, {manifest['mmac_per_beat']} million multiply-accumulates a beat, "
        f"`worker/artifacts/{kind}/{manifest['version']}` "
        f"([model card](../worker/artifacts/{kind}/{manifest['version']}/model_card.md)).",
        markdown_table(titled([*main_rows(ds2), *other_rows(ds2)]), "DS2") if ds2 else "",
        seeds_text(metrics),
        intervals_text(ds2),
        _confusion(ds2, kind),
        paced_text(metrics),
        calibration_text(metrics),
        "\n".join(f"![{_alt(path)}]({path})" for path in plots),
    ]
    return "\n\n".join(part for part in parts if part)


def _confusion(ds2: dict[str, Any], kind: str) -> str:
    figures = ds2.get(HEADLINE[kind], {}).get("oracle")
    if figures is None:
        return ""
    classes = "NSVFQ"
    lines = [
        f"Beats of DS2 ({READING_TITLES[HEADLINE[kind]]}, annotated R peaks); rows are annotated, columns answered:",
        "",
        f"| | {' | '.join(classes)} |",
        "|---|" + "---|" * len(classes),
    ]
    for name, row in zip("NSVF", figures["confusion"], strict=False):
        lines.append(f"| {name} | {' | '.join(f'{count:,}' for count in row)} |")
    return "\n".join(lines)


def versions(manifests: list[dict[str, Any]]) -> str:
    """The headline of every version that is kept."""
    rows = []
    for manifest in manifests:
        kind = manifest["kind"]
        figures = manifest["metrics"].get("ds2", {}).get(HEADLINE[kind], {}).get("oracle")
        if figures is not None:
            rows.append((f"{kind} {manifest['version']}, {READING_TITLES[HEADLINE[kind]]}", figures))
    return "\n\n".join(["## Versions", markdown_table(rows, "DS2, annotated R peaks")]) if rows else ""


def published_work() -> str:
    """Others' figures for new patients."""
    lines = ["| work | input | accuracy | S | V | macro F1 |", "|---|---|---|---|---|---|"]
    for row in PUBLISHED:
        cells = (row.work, row.input, row.accuracy, row.supraventricular, row.ventricular, row.macro_f1)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n\n".join(
        [
            "## What others published",
            "Inter-patient figures of the literature, in per cent, as printed; without adaptation to the patient but "
            "for the last row. Accuracies are quoted, not claimed beaten: some are means per class, some leave classes "
            "out.",
            "\n".join(lines),
        ]
    )


def paper_protocol(docs: Path) -> str:
    """The paper's own protocol, in which patients leak."""
    folder = docs / PAPER_FOLDER
    if not any(folder.glob("*/*.csv.gz")):
        return ""
    parts = [
        "## The paper's protocol",
        "Jun et al. 2018 (arXiv 1804.06812) shuffle beats, so that each patient stands on both sides. These figures "
        "say how well a network learns the beats of patients it knows, and nothing about new ones. Eight classes; AUC, "
        "Acc, Sp, Se and +P are normal against abnormal, in per cent but for the AUC.",
    ]
    for name, words in PAPER_CONFIGS.items():
        parts += [f"### `{name}`", words, table_text(paper_config_load(Path(name)), folder)]
    return "\n\n".join(parts)


def how_to_repeat(docs: Path) -> str:
    """The commands."""
    log = f"Every idea and every opening of DS2 is in [the log]({LOG_NAME}).\n\n" if (docs / LOG_NAME).is_file() else ""
    return (
        "## How to repeat\n\n"
        f"{log}"
        "```sh\n"
        "python -m worker.training prepare\n"
        "python -m worker.training train\n"
        "python -m worker.training evaluate --artifact worker/artifacts/context/VERSION --protocol ds2\n"
        "python -m worker.training compare\n"
        "python -m worker.training zoo\n"
        "python -m worker.training publish --artifact worker/artifacts/context/VERSION\n"
        "python -m worker.training report\n"
        "```"
    )


def _alt(path: str) -> str:
    return Path(path).stem.replace("-", " ")
