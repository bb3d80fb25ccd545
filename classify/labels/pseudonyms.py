"""Names for rows outside the portal: one row has one name in every export, and only the portal can tell whose."""

from uuid import UUID

from django.utils.crypto import salted_hmac

LENGTH = 24


def pseudonym(kind: str, key: UUID | int | str) -> str:
    """A keyed hash: without the portal's secret key nobody can try out which row has this name."""
    return salted_hmac(f"classify.labels.{kind}", str(key), algorithm="sha256").hexdigest()[:LENGTH]
