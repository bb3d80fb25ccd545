"""What a session remembers, and how an administrator ends one."""

from typing import Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.accounts.models import Hospital, User

LAST_ACTIVE: Final = "last_active_at"
HOSPITAL: Final = "hospital_id"
INVITATION: Final = "invitation"


def sessions_end(*, user: User, hospital: Hospital | None = None) -> int:
    """Ends the person's sessions: all, or those that act in this hospital. Returns how many.

    A session's owner stands inside its signed content, so all of them are read: a deactivation is rare, and a
    hospital has hundreds of sessions, not millions.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        content = session.get_decoded()
        if content.get(SESSION_KEY) != str(user.pk):
            continue
        if hospital is None or content.get(HOSPITAL) in (None, str(hospital.pk)):
            session.delete()
            ended += 1
    return ended
