"""Where the network looked, from asking through the API to the answer: a real worker reads the picture again."""

import secrets
import time
from typing import Any

import pytest

from tests.support.api_client import ApiClient
from tests.support.stack import Stack
from tests.worker.test_golden import GOLDEN

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]


@pytest.fixture
def api(stack: Stack) -> ApiClient:
    return ApiClient(stack.api_url, stack.credentials["api"]["token"])


@pytest.fixture
def patient(api: ApiClient) -> str:
    values = {"mrn": secrets.token_hex(6), "family_name": "Quill", "given_name": "Ada", "birth_date": "1960-02-03"}
    return api.post("patients/", values | {"sex": "female"}).body["id"]


def uploaded(api: ApiClient, patient: str, name: str) -> dict[str, Any]:
    with (GOLDEN / name).open("rb") as file:
        sent = api.upload({"patient": patient, "file": file, "confirm_duplicate": "true"})
    return api.wait_for_result(sent.body["id"])


def explained(api: ApiClient, path: str, timeout_s: float = 120) -> dict[str, Any]:
    deadline = time.monotonic() + timeout_s
    while (answer := api.get(path).body)["state"] in {"queued", "running"}:
        assert time.monotonic() < deadline, f"still {answer['state']} after {timeout_s} s"
        time.sleep(0.2)
    return answer


@pytest.mark.parametrize(("name", "unit"), [("strip_1_Q_217_5969.png", "s"), ("beat_1_S_200_260626.png", "fraction")])
def test_a_beat_is_explained_by_the_model_that_classified_it(
    api: ApiClient, patient: str, name: str, unit: str
) -> None:
    recording = uploaded(api, patient, name)
    prediction = recording["prediction"]
    beat = prediction["beats"][-1]
    path = f"recordings/{recording['id']}/beats/{beat['index']}/explanation"
    asked = api.send("POST", path)
    assert asked.status == 202, asked.body
    answer = explained(api, path)
    assert (answer["state"], answer["reason"], answer["model"]) == ("done", None, prediction["model"])
    result = answer["result"]
    assert (result["aami_class"], result["unit"]) == (beat["aami_class"], unit)
    assert result["probability"] == pytest.approx(beat["confidence"], abs=0.02)
    again = api.send("POST", path)
    assert (again.status, again.body) == (200, answer)


def test_an_explanation_outlives_its_worker(stack: Stack, api: ApiClient, patient: str) -> None:
    recording = uploaded(api, patient, "strip_1_N_103_6216.png")
    path = f"recordings/{recording['id']}/beats/0/explanation"
    stack.worker.kill_group()
    assert api.send("POST", path).body["state"] == "queued"
    stack.revive()
    assert explained(api, path)["state"] == "done"
