"""What a role may do, in one table.  API tokens carry a subset of the same permissions as their scopes."""

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    DOCTOR = "doctor", _("Doctor")
    REVIEWER = "reviewer", _("Reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")
    SERVICE = "service", _("Service")


PERSON_ROLES: Final = (Role.DOCTOR, Role.REVIEWER, Role.ADMINISTRATOR)


class Permission(StrEnum):
    PATIENTS_READ = "patients:read"
    PATIENTS_WRITE = "patients:write"
    RECORDINGS_READ = "recordings:read"
    RECORDINGS_WRITE = "recordings:write"
    READINGS_READ = "readings:read"
    READINGS_WRITE = "readings:write"
    ADMINISTER = "hospital:administer"  # people, tokens, models, audit; nothing clinical


SCOPES: Final = frozenset(Permission) - {Permission.ADMINISTER, Permission.READINGS_WRITE}

CLINICAL: Final = frozenset(
    {
        Permission.PATIENTS_READ,
        Permission.PATIENTS_WRITE,
        Permission.RECORDINGS_READ,
        Permission.RECORDINGS_WRITE,
        Permission.READINGS_READ,
    }
)

PERMISSIONS_OF_ROLE: Final[dict[str, frozenset[Permission]]] = {
    Role.DOCTOR: CLINICAL,
    Role.REVIEWER: CLINICAL | {Permission.READINGS_WRITE},
    Role.ADMINISTRATOR: frozenset({Permission.ADMINISTER}),
    Role.SERVICE: frozenset(),  # its token's scopes say
}
