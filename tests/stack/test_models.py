"""A real worker follows the registry without a restart: promoted, with a shadow, broken, rolled back."""

import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from classify.demo import PICTURES
from tests.conftest import SESSION, default_kind
from tests.support.api_client import ApiClient
from tests.support.stack import Stack, running_stack
from worker.model.registry import artifact_folder

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]
STRIP = "strip_0_V_200_13733.png"
AS_ADMINISTRATOR = """
from django.utils import timezone
from classify.registry.models import *
from classify.registry.services import *
from portal.accounts.actor import actor_of_person
from portal.accounts.models import Membership
row = Membership.objects.filter(role="administrator").select_related("user", "hospital").first()
actor, at = actor_of_person(row.user, row.hospital), timezone.now()
shipped, local = (ModelVersion.objects.get(kind="context", folder=f) for f in {folders})
"""


@pytest.fixture(scope="module")
def local_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The strips' model once more, as a version that was trained here."""
    root = tmp_path_factory.mktemp("local")
    folder = shutil.copytree(artifact_folder("context"), root / "context" / "9.9.9")
    manifest = json.loads((folder / "manifest.json").read_text()) | {"version": "9.9.9"}
    manifest["metrics"]["evaluated_sha256"] = manifest["sha256"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return root


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory, local_models: Path) -> Iterator[Stack]:
    env = {"BEATLINE_ARTIFACTS": str(local_models)}
    with running_stack(default_kind(), SESSION, tmp_path_factory.mktemp("models"), env) as stack:
        yield stack


def administrate(stack: Stack, statement: str) -> str:
    shipped = artifact_folder("context")
    folders = [f"{shipped.parent.name}/{shipped.name}", "context/9.9.9"]
    return stack.manage("shell", "--verbosity", "0", "-c", AS_ADMINISTRATOR.format(folders=folders) + statement).strip()


def upload(stack: Stack) -> dict:
    api = ApiClient(stack.api_url, stack.credentials["api"]["token"])
    values = {"mrn": secrets.token_hex(6), "family_name": "Quill", "given_name": "Ada", "birth_date": "1960-02-03"}
    patient = api.post("patients/", values | {"sex": "female"}).body["id"]
    with (PICTURES / STRIP).open("rb") as file:
        sent = api.upload({"patient": patient, "file": file, "confirm_duplicate": "true"})
    return api.wait_for_result(sent.body["id"])


def version_that_answers(stack: Stack) -> str:
    result = upload(stack)
    assert result["prediction"], result["reason"]
    return result["prediction"]["model"]["version"]


def test_a_worker_follows_promotion_shadow_loss_and_rolling_back(own_stack: Stack, local_models: Path) -> None:
    shipped = artifact_folder("context").name
    assert version_that_answers(own_stack) == shipped

    administrate(own_stack, "shadow_start(actor=actor, candidate=local, reason='', at=at)")
    assert version_that_answers(own_stack) == shipped
    counted = "print(ShadowPrediction.objects.filter(version=local, beside=shipped).count())"
    own_stack.wait_for(lambda: administrate(own_stack, counted) == "1", "the shadow has spoken")
    assert administrate(own_stack, "print(ShadowPrediction.objects.get().differing)") == "0", "it is the same network"

    promote = "model_promote(actor=actor, candidate=local, instead_of=shipped.pk, reason='Trained here', at=at)"
    administrate(own_stack, promote)
    assert version_that_answers(own_stack) == "9.9.9"

    (local_models / "context" / "9.9.9" / "network.keras").write_bytes(b"not what was registered")
    own_stack.worker.kill_group()
    own_stack.worker.start()
    lost = upload(own_stack)
    assert (lost["state"], lost["reason"]["code"]) == ("failed", "internal")
    assert "is not the one that was registered" in own_stack.log(own_stack.worker)
    assert "is not the one that was registered" in administrate(
        own_stack, "print(Deployment.objects.get(version=local).problem)"
    )
    status, body = own_stack.get("/readyz/")
    assert (status, json.loads(body)["models"]) == (503, False)

    back = "model_roll_back(actor=actor, kind='context', instead_of=local.pk, reason='Its file is lost', at=at)"
    administrate(own_stack, back)
    assert version_that_answers(own_stack) == shipped
