"""From a bank of drawings to a published artifact.

The same fit again and again: without each group of DS1 records in turn, to choose prior, temperature and threshold
on the records that were left out; then with all of DS1, to be shipped.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from worker.training.config import Config
from worker.training.data.bank import bank_load
from worker.training.fitting.fit import members_fit, prior_folded_in
from worker.training.fitting.leave_out import left_out_selection
from worker.training.publishing.publish import artifact_publish


def train(config: Config, data: Path, runs: Path, artifacts: Path, *, verbose: int | str = "auto") -> Path:
    """Choose on held-out records, fit on all of DS1, publish.

    Returns
    -------
    Path
        The artifact's folder.
    """
    run = runs / config.artifact.kind
    require_same_config(config, run)
    bank = bank_load(run / "bank")
    selection = left_out_selection(config, bank, data, run, verbose=verbose)
    model = members_fit(config, bank, run / "all", verbose=verbose)
    prior_folded_in(model, np.array(selection.log_prior))
    folder = artifacts / config.artifact.kind / config.artifact.version
    artifact_publish(model, config, selection, folder)
    return folder


def require_same_config(config: Config, run: Path) -> None:
    """A run goes on only with the settings it began with."""
    run.mkdir(parents=True, exist_ok=True)
    stored = run / "config.json"
    document: dict[str, Any] = json.loads(json.dumps(config.as_document()))
    if stored.is_file() and json.loads(stored.read_text()) != document:
        raise ValueError(f"{run} was begun with other settings: give another --runs folder or remove it")
    stored.write_text(json.dumps(document, indent=1))
