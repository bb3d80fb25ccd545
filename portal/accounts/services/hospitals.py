from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Hospital
from portal.accounts.services.ground import note


@transaction.atomic
def hospital_create(*, name: str) -> Hospital:
    """A hospital without anybody in it: invite its administrator next (``person_invite``, ``person_create``)."""
    name = name.strip()
    if not name or len(name) > 200:
        raise ValidationError(_("A hospital has a name of 1 to 200 characters."), code="name")
    if Hospital.objects.filter(name__iexact=name).exists():
        raise ValidationError(_("There is a hospital of this name already."), code="taken")
    try:
        with transaction.atomic():
            hospital = Hospital.objects.create(name=name)
    except IntegrityError as taken:  # another one came between the look and the write
        raise ValidationError(_("There is a hospital of this name already."), code="taken") from taken
    note(None, hospital, "hospital.create", hospital)
    return hospital
