"""The part of ``docs/science.md`` on the published networks and new patients, from committed predictions."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from worker.model.manifest_rows import main_rows, title
from worker.training.new_patients.settings import NewPatientsConfig, new_patients_config_load
from worker.training.new_patients.table import figures_found, row_title
from worker.training.publishing.markdown_table import markdown_table
from worker.training.publishing.model_card import intervals_listed
from worker.training.publishing.report_sections import HEADLINE, left_out_and_ds2

CONFIG: Final = "new-patients"
Rows = list[tuple[str, Mapping[str, Any]]]


def zoo_section(folder: Path, ours: Collection[dict[str, Any]]) -> str:
    """What the paper's drawing does on new patients, network by network, beside our models.

    Parameters
    ----------
    folder : Path
        Holds the predictions in a folder of its settings' name.
    ours : collection of dict
        Manifests of the models in use.
    """
    config = new_patients_config_load(Path(CONFIG))
    found = list(figures_found(config, folder))
    if not found:
        return ""
    rows: Rows = [(row_title(row, protocol), figures) for row, protocol, figures in found]
    ds2 = {row: figures for row, protocol, figures in found if protocol == "ds2"}
    parts = [
        "## The published networks on new patients",
        _how(config),
        _lesson(ds2, ours) if ds2 else "",
        markdown_table([*rows, *(line for manifest in ours for line in left_out_and_ds2(manifest))]),
        markdown_table(_without_records(ds2), "DS2") if ds2 else "",
        intervals_listed((f"{row}, DS2", figures) for row, figures in ds2.items()),
    ]
    return "\n\n".join(part for part in parts if part)


def _how(config: NewPatientsConfig) -> str:
    protocol, zoo = config.protocol, config.zoo
    return (
        "The networks and the drawing of the paper with patients kept apart, on two cores: "
        f"{protocol.train_beats:,} beats of DS1 (N S V F) and of the paced records 102 and 107 (Q), "
        f"{zoo.size_px}x{zoo.size_px} pixels, {zoo.epochs} epochs, a quarter of the width (the student's in full), one "
        f"seed. One fit leaves {' '.join(protocol.held_out_records)} out and is asked about them; the other learns "
        "from all of DS1 and is asked about DS2. Nothing was chosen by either. The last rows are of our models, "
        "from their manifests: the beat model reads the same drawing, the context model the rhythm around it."
    )


def _lesson(ds2: Mapping[str, dict[str, Any]], ours: Iterable[dict[str, Any]]) -> str:
    figures = list(ds2.values())
    best = max(ds2, key=lambda row: float(ds2[row]["macro_f1_nsv"]))
    always_n = figures[0]["per_class"]["N"]["beats"] / figures[0]["beats"]
    f1 = {name: _range([found["per_class"][name]["f1"] for found in figures]) for name in "SVF"}
    return (
        f"To answer N always would be right for {always_n:.3f} of DS2's beats; these networks are right for "
        f"{_range([found['accuracy'] for found in figures])} with an F1 of {f1['S']} for S, {f1['V']} for V and "
        f"{f1['F']} for F. The best macro F1 over N S V is {best}'s {ds2[best]['macro_f1_nsv']:.3f}{_beside(ours)}. "
        "**The drawing of one beat tells V in new patients, but hardly S and not F, whatever the network, and accuracy "
        "hides it.**"
    )


def _beside(ours: Iterable[dict[str, Any]]) -> str:
    measured = [
        (
            f"{manifest['kind']} {manifest['version']}",
            manifest["metrics"].get("ds2", {}).get(HEADLINE[manifest["kind"]]),
        )
        for manifest in ours
    ]
    said = [f"{name} has {found['oracle']['macro_f1_nsv']:.3f}" for name, found in measured if found]
    return f", where {' and '.join(said)}" if said else ""


def _range(values: list[float]) -> str:
    return f"{min(values):.3f} to {max(values):.3f}"


def _without_records(ds2: Mapping[str, dict[str, Any]]) -> Rows:
    """Each network's row, and its rows without single records."""
    return [
        (row if len(path) == 2 else title(path, shown), shown)
        for row, figures in ds2.items()
        for path, shown in main_rows({"crop": {"oracle": figures}})
    ]
