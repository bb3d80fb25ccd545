"""Whatever dies in between, every job ends, and ends once: real processes, really killed."""

import json
import os
import secrets
import signal
import subprocess
from io import BytesIO

import pytest
import redis
from PIL import Image

from classify.demo import PICTURES
from tests.support.api_client import ApiClient
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

ENDS = """
import json
from classify.models import Job, Prediction
ids = {ids!r}
jobs = Job.objects.filter(recording_id__in=ids).values_list("recording_id", "state", "reason", "attempt")
predictions = Prediction.objects.filter(recording_id__in=ids).values_list("recording_id", flat=True)
print(json.dumps({{
    "jobs": [[str(recording), *rest] for recording, *rest in jobs],
    "predictions": [str(recording) for recording in predictions],
}}))
"""


@pytest.fixture
def api(stack: Stack) -> ApiClient:
    return ApiClient(stack.api_url, stack.credentials["api"]["token"])


@pytest.fixture
def patient(api: ApiClient) -> str:
    values = {"mrn": secrets.token_hex(6), "family_name": "Quill", "given_name": "Ada", "birth_date": "1960-02-03"}
    return api.post("patients/", values | {"sex": "female"}).body["id"]


def another(name: str, *, scale: int = 1) -> BytesIO:
    """The picture as a file that no one has sent yet; enlarged, it keeps the worker busy for a while."""
    image = Image.open(PICTURES / name).convert("RGB")
    if scale > 1:
        image = image.resize((image.width * scale, image.height * scale))
    image.putpixel((0, 0), tuple(secrets.token_bytes(3)))
    file = BytesIO()
    image.save(file, "PNG", compress_level=1)
    file.seek(0)
    file.name = "ecg.png"
    return file


def upload(api: ApiClient, patient: str, file: BytesIO) -> str:
    answer = api.upload({"patient": patient, "file": file})
    assert answer.status == 202, answer.body
    return answer.body["id"]


def beat(api: ApiClient, patient: str) -> str:
    return upload(api, patient, another("beat_1_V_200_3484.png"))


def slow_strip(api: ApiClient, patient: str) -> str:
    return upload(api, patient, another("strip_0_V_200_13733.png", scale=4))


def state(api: ApiClient, recording: str) -> str:
    return api.get(f"recordings/{recording}/").body["state"]


def wait_until(stack: Stack, api: ApiClient, recording: str, *states: str) -> None:
    stack.wait_for(lambda: state(api, recording) in states, f"the recording is {' or '.join(states)}", timeout_s=120)


def child_kill(stack: Stack) -> None:
    """SIGKILL for the process that does the work; its parent, the Celery worker, starts another."""
    assert stack.worker.process is not None
    found = subprocess.run(["pgrep", "-P", str(stack.worker.process.pid)], capture_output=True, text=True, check=True)
    for pid in found.stdout.split():
        os.kill(int(pid), signal.SIGKILL)


def given_back_count(stack: Stack) -> int:
    return stack.log(stack.worker).count("Gave back")


def ends(stack: Stack, recordings: list[str]) -> tuple[dict[str, tuple[str, str, int]], list[str]]:
    """Each recording's one job as (state, reason, attempt), and whose predictions there are."""
    said = json.loads(stack.manage("shell", "--no-imports", "-c", ENDS.format(ids=recordings)).splitlines()[-1])
    assert len(said["jobs"]) == len(recordings)
    return {recording: tuple(rest) for recording, *rest in said["jobs"]}, sorted(said["predictions"])


def assert_each_done_once(stack: Stack, recordings: list[str]) -> dict[str, tuple[str, str, int]]:
    jobs, predictions = ends(stack, recordings)
    assert {job[0] for job in jobs.values()} == {"done"}
    assert predictions == sorted(recordings)
    return jobs


def test_a_process_killed_in_mid_job_costs_an_attempt_and_no_result(stack: Stack, api: ApiClient, patient: str) -> None:
    recording = slow_strip(api, patient)
    wait_until(stack, api, recording, "running")
    child_kill(stack)
    wait_until(stack, api, recording, "done")
    assert assert_each_done_once(stack, [recording])[recording][2] == 2


def test_a_worker_killed_whole_in_mid_job_is_made_up_for_by_the_next(
    stack: Stack, api: ApiClient, patient: str
) -> None:
    recording = slow_strip(api, patient)
    wait_until(stack, api, recording, "running")
    stack.worker.kill_group()
    stack.revive()
    wait_until(stack, api, recording, "done")
    assert assert_each_done_once(stack, [recording])[recording][2] == 2


def test_a_picture_that_kills_its_worker_each_time_fails_and_the_others_finish(
    stack: Stack, api: ApiClient, patient: str
) -> None:
    poison = slow_strip(api, patient)
    others = [beat(api, patient) for _ in range(3)]
    given_back = given_back_count(stack)
    for kills in range(3):
        # The job waits only for moments between two attempts, so the log tells when the next one has begun.
        stack.wait_for(
            lambda kills=kills: given_back_count(stack) >= given_back + kills, "the job is given back", timeout_s=120
        )
        wait_until(stack, api, poison, "running")
        child_kill(stack)
    wait_until(stack, api, poison, "failed")
    for recording in others:
        wait_until(stack, api, recording, "done")
    assert ends(stack, [poison])[0][poison] == ("failed", "worker_lost", 3)
    assert ends(stack, [poison])[1] == []
    assert_each_done_once(stack, others)


@pytest.mark.parametrize("disaster", ["killed", "emptied"])
def test_a_broker_lost_with_fifty_jobs_queued_loses_none(
    stack: Stack, api: ApiClient, patient: str, disaster: str
) -> None:
    stack.worker.kill_group()
    recordings = [beat(api, patient) for _ in range(50)]
    assert {state(api, recording) for recording in recordings} == {"queued"}
    if disaster == "emptied":
        redis.from_url(stack.broker.url).flushall()  # the stack's own server
    else:
        stack.broker.kill()
    stack.revive()
    for recording in recordings:
        wait_until(stack, api, recording, "done")
    assert_each_done_once(stack, recordings)


def test_an_upload_while_the_broker_is_away_is_kept_and_done_later(stack: Stack, api: ApiClient, patient: str) -> None:
    file = another("beat_1_V_200_3484.png")
    stack.broker.kill()
    try:
        recording = upload(api, patient, file)
    finally:
        stack.revive()
    wait_until(stack, api, recording, "done")
    assert_each_done_once(stack, [recording])


def test_a_doorbell_that_rings_many_times_makes_one_result(stack: Stack, api: ApiClient, patient: str) -> None:
    recordings = [beat(api, patient) for _ in range(3)]
    ring = "from classify.doorbell import doorbell_ring; [doorbell_ring() for _ in range(30)]"
    stack.manage("shell", "--no-imports", "-c", ring)
    for recording in recordings:
        wait_until(stack, api, recording, "done")
    assert_each_done_once(stack, recordings)
