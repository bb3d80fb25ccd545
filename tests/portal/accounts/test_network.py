"""Whose address a request comes from: only what our own proxy wrote is believed."""

import pytest
from django.test import RequestFactory

from portal.accounts.network import client_ip


def request(forwarded=None, peer="192.0.2.1"):
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return RequestFactory(headers=headers).get("/", REMOTE_ADDR=peer)


def test_without_a_proxy_the_header_is_not_believed(settings):
    settings.TRUSTED_PROXY_COUNT = 0
    assert client_ip(request("203.0.113.7")) == "192.0.2.1"


@pytest.mark.parametrize(
    ("count", "forwarded", "expected"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "not an address", "192.0.2.1"),
        (1, "203.0.113.7, ", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_entry_that_the_outermost_trusted_proxy_wrote_counts(settings, count, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = count
    assert client_ip(request(forwarded)) == expected


def test_a_socket_without_an_address_is_none(settings):
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_ip(request(peer="")) is None
