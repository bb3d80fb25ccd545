from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from classify.services import recording_upload
from worker.results import BeatResult, EcgResult, ModelIdentity

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
shades = count(1)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def doorbell(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rings that reached the broker's door; no worker listens in these tests."""
    rings: list[str] = []
    monkeypatch.setattr("classify.doorbell.app.send_task", lambda name, **kwargs: rings.append(name))
    return rings


def picture(width: int = 300, height: int = 100, *, kind: str = "PNG") -> bytes:
    """Another file each time."""
    number = next(shades)
    image = Image.new("RGB", (width, height), (number % 256, number // 256 % 256, 255))
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def tiff_of(pages: int) -> bytes:
    images = [Image.new("RGB", (200, 100), (next(shades) % 256, page, 9)) for page in range(pages)]
    out = BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:])
    return out.getvalue()


@pytest.fixture
def patient(make_patient: Callable[..., Any], st_mary: Any, alice: Any) -> Any:
    return make_patient(st_mary, alice)


@pytest.fixture
def other_patient(make_patient: Callable[..., Any], st_mary: Any, alice: Any) -> Any:
    return make_patient(st_mary, alice)


@pytest.fixture
def countys_patient(make_patient: Callable[..., Any], county: Any, charlie: Any) -> Any:
    return make_patient(county, charlie)


@pytest.fixture
def upload(alice_actor: Any, patient: Any) -> Callable[..., Any]:
    """``upload()`` sends a small picture for the patient at nine thirty, as Alice."""

    def send(data: bytes | None = None, **fields: Any) -> Any:
        return recording_upload(
            **{"actor": alice_actor, "patient": patient, "data": data or picture(), "at": NOW, **fields}
        )

    return send


def result_of(classes: str = "NNV", *, unsure: str = "") -> EcgResult:
    beats = tuple(
        BeatResult(
            index=index,
            aami_class=letter,
            probabilities={other: 0.9 if other == letter else 0.025 for other in "NSVFQ"},
            confidence=0.9,
            unsure=letter in unsure,
            lead="II",
            box=(index * 60, 10, 50, 80),
            r_peak_s=index * 0.8 + 0.4,
        )
        for index, letter in enumerate(classes)
    )
    return EcgResult(
        kind="strip",
        beats=beats,
        model=ModelIdentity("context", "1.0.0", "a" * 64),
        width_px=300,
        height_px=100,
        rate_bpm=75.0,
        rr_s=tuple(0.8 for _ in beats[1:]),
        settings={"speed_mm_s": 25.0, "speed_source": "assumed"},
    )
