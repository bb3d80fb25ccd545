"""``Idempotency-Key``: a call repeated after a lost answer gets the first answer, and changes nothing twice."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from classify.api.errors import Problem
from classify.models import IdempotencyKey
from portal.accounts.models import ApiToken

KEPT_FOR: Final = timedelta(hours=24)
# A call that was not answered after this long died with its process; repeating it is safe, see ``recording_upload``.
GIVEN_UP_AFTER: Final = timedelta(minutes=2)
MAX_KEY_LENGTH: Final = 255


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    replayed: bool = False


def answer_once(*, token: ApiToken, key: str, request_sha256: str, at: datetime, act: Callable[[], Answer]) -> Answer:
    """What ``act`` answers, or what it answered when this token first sent this key.

    Only a success is kept: a refused call has changed nothing, so it may be mended and sent again with the same key.
    """
    row = _claim(token, _key_digest(key), request_sha256, at)
    if row.status is not None:
        return Answer(row.status, row.body or {}, replayed=True)
    mine = IdempotencyKey.objects.filter(pk=row.pk, created_at=row.created_at)
    try:
        answer = act()
    except BaseException:
        mine.delete()
        raise
    mine.update(status=answer.status, body=answer.body)
    return answer


def request_digest(fields: Mapping[str, str], data: bytes) -> str:
    said = json.dumps(dict(sorted(fields.items())), ensure_ascii=True)
    return hashlib.sha256(said.encode() + hashlib.sha256(data).digest()).hexdigest()


def api_keys_expire(*, at: datetime) -> int:
    """Forgets answers older than a day; the scheduler calls it."""
    deleted, _by_model = IdempotencyKey.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return deleted


def _key_digest(key: str) -> str:
    if not (key.isascii() and key.isprintable() and 1 <= len(key) <= MAX_KEY_LENGTH):
        detail = _("Idempotency-Key takes 1 to 255 printable ASCII characters.")
        raise Problem(400, "invalid_idempotency_key", detail)
    return hashlib.sha256(key.encode()).hexdigest()


def _claim(token: ApiToken, key_sha256: str, request_sha256: str, at: datetime) -> IdempotencyKey:
    """A fresh row, or the one whose answer is known. The unique constraint decides between two at once."""
    IdempotencyKey.objects.filter(token=token, key_sha256=key_sha256, created_at__lt=at - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                token=token, key_sha256=key_sha256, request_sha256=request_sha256, created_at=at
            )
    except IntegrityError:
        row = IdempotencyKey.objects.filter(token=token, key_sha256=key_sha256).first()
    if row is None:  # the first call was refused just now
        raise _in_progress()
    if row.request_sha256 != request_sha256:
        raise Problem(422, "idempotency_key_reused", _("This Idempotency-Key came with another request before."))
    if row.status is None and not _take_over(row, at):
        raise _in_progress()
    return row


def _take_over(row: IdempotencyKey, at: datetime) -> bool:
    abandoned = IdempotencyKey.objects.filter(pk=row.pk, status=None, created_at=row.created_at)
    if at - row.created_at < GIVEN_UP_AFTER or not abandoned.update(created_at=at):
        return False
    row.created_at = at
    return True


def _in_progress() -> Problem:
    detail = _("The first call with this Idempotency-Key is still being answered.")
    return Problem(409, "idempotency_in_progress", detail, wait=1)
