"""Which models are installed, as their own manifests and cards say: files only, so that no page loads a network."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class InstalledModel:
    name: str
    version: str
    sha256: str
    active: bool
    metrics: list[tuple[str, Any]]
    card: str


def models_read(folder: Path) -> list[InstalledModel]:
    """Every ``<kind>/<version>/manifest.json`` of the folder, the active ones first."""
    active = set(_json(folder / "active.json").values())
    found = [_model(path, active) for path in sorted(folder.glob("*/*/manifest.json"))]
    return sorted(found, key=lambda model: not model.active)


def _model(path: Path, active: set[str]) -> InstalledModel:
    manifest = _json(path)
    place = f"{path.parent.parent.name}/{path.parent.name}"
    cards = sorted(path.parent.glob("*.md"))
    return InstalledModel(
        name=str(manifest.get("name", path.parent.parent.name)),
        version=str(manifest.get("version", path.parent.name)),
        sha256=str(manifest.get("sha256", "")),
        active=place in active,
        metrics=_figures(manifest.get("metrics", {})),
        card=cards[0].read_text(encoding="utf-8") if cards else "",
    )


def _figures(metrics: Any, name: str = "") -> list[tuple[str, Any]]:
    """A tree of figures as a flat list of (name, figure): ``("DS2 V sensitivity", 0.93)``."""
    if isinstance(metrics, dict):
        return [pair for key, value in metrics.items() for pair in _figures(value, f"{name} {key}".strip())]
    return [(name, metrics)] if isinstance(metrics, int | float | str) else []


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@requires(Permission.ADMINISTER)
@require_safe
def models_page(request: ActorRequest) -> HttpResponse:
    folder = Path(getattr(settings, "MODELS_DIR", settings.BASE_DIR / "worker" / "artifacts"))
    return render(request, "accounts/models.html", {"models": models_read(folder)})
