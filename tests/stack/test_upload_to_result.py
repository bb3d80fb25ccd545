"""From an upload through the API to its result: real web server, worker, scheduler, broker and database."""

import json
import secrets

import pytest

from classify.demo import PICTURES
from tests.support.api_client import ApiClient
from tests.support.stack import Stack
from tests.worker.test_golden import ANSWERS, GOLDEN, farthest_px

pytestmark = [
    pytest.mark.stack,
    pytest.mark.timeout(400),
    pytest.mark.parametrize("shared_stack", ["services", "embedded"], indirect=True),
]
CLASSES = set("NSVFQ")


@pytest.fixture
def api(stack: Stack) -> ApiClient:
    return ApiClient(stack.api_url, stack.credentials["api"]["token"])


@pytest.fixture
def patient(api: ApiClient) -> str:
    values = {"mrn": secrets.token_hex(6), "family_name": "Quill", "given_name": "Ada", "birth_date": "1960-02-03"}
    answer = api.post("patients/", values | {"sex": "female"})
    assert answer.status == 201, answer.body
    return answer.body["id"]


@pytest.mark.parametrize(("picture", "kind"), [("beat_0_N_100_2402.png", "beat"), ("strip_0_V_200_13733.png", "strip")])
def test_an_uploaded_picture_gets_its_result(api: ApiClient, patient: str, picture: str, kind: str) -> None:
    with (PICTURES / picture).open("rb") as file:
        answer = api.upload({"patient": patient, "file": file})
    assert answer.status == 202, answer.body
    result = api.wait_for_result(answer.body["id"])
    assert (result["state"], result["kind"]) == ("done", kind)
    prediction = result["prediction"]
    assert prediction["model"]["name"]
    assert prediction["model"]["version"]
    for beat in prediction["beats"]:
        assert set(beat["probabilities"]) == CLASSES
        assert sum(beat["probabilities"].values()) == pytest.approx(1, abs=0.01)
        assert beat["aami_class"] in CLASSES
    assert sum(prediction["summary"]["counts"].values()) == len(prediction["beats"]) >= (1 if kind == "beat" else 8)


def test_a_real_worker_answers_as_recorded(api: ApiClient, patient: str) -> None:
    recorded = json.loads(ANSWERS.read_text())
    sent = {}
    for name in recorded:
        with (GOLDEN / name).open("rb") as file:
            sent[name] = api.upload({"patient": patient, "file": file, "confirm_duplicate": "true"}).body["id"]
    for name, expected in recorded.items():
        result = api.wait_for_result(sent[name])
        assert result["kind"] == expected["kind"], name
        prediction = result["prediction"]
        assert prediction["model"] == expected["model"], name
        assert "".join(beat["aami_class"] for beat in prediction["beats"]) == expected["classes"], name
        assert farthest_px([beat["box"] for beat in prediction["beats"]], expected["boxes"]) <= 1, name
        assert [beat["confidence"] for beat in prediction["beats"]] == pytest.approx(expected["confidences"], abs=0.02)
        assert prediction["summary"]["rate_bpm"] == pytest.approx(expected["rate_bpm"], abs=0.2)


def test_the_worker_that_is_killed_in_between_is_mended_and_nothing_is_lost(
    stack: Stack, api: ApiClient, patient: str
) -> None:
    stack.worker.kill_group()
    with (PICTURES / "beat_1_V_200_3484.png").open("rb") as file:
        recording = api.upload({"patient": patient, "file": file}).body["id"]
    assert api.get(f"recordings/{recording}/").body["state"] == "queued"
    stack.revive()
    assert api.wait_for_result(recording)["state"] == "done"


def test_the_same_file_again_is_the_same_recording(api: ApiClient, patient: str) -> None:
    uploads = []
    for _ in range(2):
        with (PICTURES / "beat_0_F_210_396466.png").open("rb") as file:
            uploads.append(api.upload({"patient": patient, "file": file}))
    assert [answer.status for answer in uploads] == [202, 200]
    assert uploads[0].body["id"] == uploads[1].body["id"]
