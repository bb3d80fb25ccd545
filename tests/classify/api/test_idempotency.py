import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from classify.api.idempotency import GIVEN_UP_AFTER, KEPT_FOR, api_keys_expire
from classify.models import IdempotencyKey, Recording
from tests.classify.api.conftest import API, assert_problem
from tests.classify.conftest import picture
from tests.support.people import bearer_client

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
KEY = {"Idempotency-Key": "upload 4711/1"}


def test_a_repeated_upload_gets_the_first_answer(send_file: Send) -> None:
    data = picture()
    first, again = send_file(data, headers=KEY), send_file(data, headers=KEY)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Recording.objects.count() == 1


def test_the_name_of_the_file_is_no_part_of_the_request(send_file: Send) -> None:
    data = picture()
    send_file(data, headers=KEY, name="a.png")
    assert send_file(data, headers=KEY, name="b.png")["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("change", ["file", "lead"])
def test_a_key_belongs_to_one_request(send_file: Send, change: str) -> None:
    data = picture()
    send_file(data, headers=KEY)
    other = send_file(picture(), headers=KEY) if change == "file" else send_file(data, headers=KEY, lead="II")
    assert_problem(other, 422, "idempotency_key_reused")
    assert Recording.objects.count() == 1


def test_a_key_belongs_to_one_token(send_file: Send, token_for: Callable[..., str], st_mary: Any) -> None:
    data = picture()
    send_file(data, headers=KEY)
    other = send_file(data, headers=KEY, client=bearer_client(token_for(st_mary)))
    assert other.status_code == 200  # the recording that exists, not the other token's answer
    assert "Idempotency-Replayed" not in other


def test_a_refused_call_may_be_mended_and_sent_again_with_its_key(
    send_file: Send, other_patient: Any, api_client: Client
) -> None:
    data = picture()
    send_file(data)
    asked = send_file(data, headers=KEY, patient=str(other_patient.pk))
    assert_problem(asked, 409, "duplicate_other_patient")
    confirmed = send_file(data, headers=KEY, patient=str(other_patient.pk), confirm_duplicate="true")
    assert confirmed.status_code == 202


def test_a_call_that_is_still_being_answered_is_a_409(send_file: Send) -> None:
    data = picture()
    send_file(data, headers=KEY)
    IdempotencyKey.objects.update(status=None, body=None)
    answer = send_file(data, headers=KEY)
    assert_problem(answer, 409, "idempotency_in_progress")
    assert answer["Retry-After"] == "1"


def test_a_call_whose_process_died_can_be_repeated(send_file: Send) -> None:
    data = picture()
    first = send_file(data, headers=KEY)
    IdempotencyKey.objects.update(status=None, body=None, created_at=timezone.now() - GIVEN_UP_AFTER)
    again = send_file(data, headers=KEY)
    assert (again.status_code, again.json()) == (200, first.json())
    assert send_file(data, headers=KEY)["Idempotency-Replayed"] == "true"


def test_a_key_is_forgotten_after_a_day(send_file: Send) -> None:
    send_file(headers=KEY)
    now = timezone.now()
    assert api_keys_expire(at=now + KEPT_FOR - timedelta(minutes=1)) == 0
    assert api_keys_expire(at=now + KEPT_FOR + timedelta(minutes=1)) == 1
    send_file(headers=KEY)
    IdempotencyKey.objects.update(created_at=now - KEPT_FOR - timedelta(minutes=1))
    assert send_file(headers=KEY).status_code == 202  # even where nobody has cleared up yet


@pytest.mark.parametrize("key", ["", "x" * 256, "naïve", "a\tb"])
def test_a_key_that_is_none_is_refused(send_file: Send, key: str) -> None:
    assert_problem(send_file(headers={"Idempotency-Key": key}), 400, "invalid_idempotency_key")
    assert not Recording.objects.exists()


def test_nothing_of_the_key_or_the_request_is_kept(send_file: Send) -> None:
    send_file(headers={"Idempotency-Key": "MRN-4711"}, lead="V1")
    kept = str(IdempotencyKey.objects.values())
    assert "4711" not in kept
    assert "V1" not in kept


@pytest.mark.django_db(transaction=True)
def test_of_calls_at_once_one_is_answered_and_the_others_repeat_it(api_token: str, patient: Any) -> None:
    data, together, answers = picture(), threading.Barrier(4), []

    def call() -> None:
        try:
            body = {"patient": str(patient.pk), "file": SimpleUploadedFile("a.png", data, "image/png")}
            together.wait(timeout=20)
            answers.append(bearer_client(api_token).post(f"{API}recordings/", body, headers=KEY))
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    taken = [answer for answer in answers if answer.status_code == 202]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(taken) + len(waiting) == 4
    assert sum("Idempotency-Replayed" not in answer for answer in taken) == 1
    assert len({answer.json()["id"] for answer in taken}) == 1
    for answer in waiting:
        assert_problem(answer, 409, "idempotency_in_progress")
    assert Recording.objects.count() == 1
