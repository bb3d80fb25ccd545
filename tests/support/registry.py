"""Models in the registry: the shipped ones, and made-up ones whose networks are no networks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from classify.registry.models import ModelVersion

VersionMaker = Callable[..., "ModelVersion"]
SUMMARY = ("accuracy", "macro_f1", "macro_f1_nsv")


@pytest.fixture
def shipped_models(db: None) -> None:
    """The models of ``worker/artifacts`` are registered; those of ``active.json`` are in use."""
    from django.utils import timezone

    from classify.registry.registration import models_register

    assert models_register(at=timezone.now()).problems == []


@pytest.fixture
def model_folder(settings: Any, tmp_path: Path) -> Path:
    """The only folder of models, empty."""
    folder = tmp_path / "models"
    folder.mkdir()
    settings.MODEL_FOLDERS = [folder]
    return folder


def manifest_of(kind: str = "context", version: str = "1.0.0", *, f1: float = 0.8, **more: Any) -> dict[str, Any]:
    """A manifest with the figures that the gate compares, all of them ``f1``."""
    per_class = {name: {"beats": 100, "sensitivity": f1, "positive_predictivity": f1, "f1": f1} for name in "NSVF"}
    figures = {"beats": 49000, **dict.fromkeys(SUMMARY, f1), "per_class": per_class}
    readings = {"beat": ("crop",), "context": ("strip10", "whole")}[kind]
    return {
        "name": f"beatline-{kind}",
        "version": version,
        "kind": kind,
        "classes": list("NSVFQ"),
        "threshold": 0.9,
        "temperature": 1.0,
        "parameters": 1000,
        "mmac_per_beat": 30.0,
        "training_records": {"NSVF": ["101"]},
        "metrics": {
            "ds2": {reading: {"oracle": deepcopy(figures)} for reading in readings},
            "calibration": {"reading": readings[0], "ece_after": 0.01, "brier_after": 0.07},
        },
        **more,
    }


def artifact_write(root: Path, manifest: dict[str, Any], network: bytes | None = None) -> Path:
    """A folder as the training writes it, with a few bytes for a network."""
    folder = root / manifest["kind"] / manifest["version"]
    folder.mkdir(parents=True, exist_ok=True)
    data = network or f"{manifest['kind']} {manifest['version']}".encode()
    (folder / "network.keras").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    manifest["sha256"] = digest
    manifest["metrics"].setdefault("evaluated_sha256", digest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "model_card.md").write_text(f"# {manifest['name']} {manifest['version']}\n\nA card.\n")
    return folder


@pytest.fixture
def make_version(db: None, model_folder: Path) -> VersionMaker:
    """``make_version("context", "2.0.0", f1=0.9)`` is registered; the first of a kind is in use."""
    from django.utils import timezone

    from classify.registry.models import ModelVersion
    from classify.registry.registration import models_register

    def make(kind: str = "context", version: str = "1.0.0", **manifest: Any) -> ModelVersion:
        artifact_write(model_folder, manifest_of(kind, version, **manifest))
        active = model_folder / "active.json"
        named = json.loads(active.read_text()) if active.exists() else {}
        active.write_text(json.dumps({kind: f"{kind}/{version}"} | named))
        models_register(at=timezone.now())
        return ModelVersion.objects.get(kind=kind, version=version)

    return make
