from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The client's address: the last ``X-Forwarded-For`` entry that a trusted proxy wrote, else the peer's.

    What comes before that entry was written by the client and is not believed; what is no address is nothing.
    """
    count = settings.TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    written = forwarded[-count] if count and len(forwarded) >= count else ""
    return _address(written) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None
