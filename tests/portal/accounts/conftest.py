"""Every test counts its limits from zero: its keys in the cache server are its own."""

import uuid

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def own_cache_keys(settings) -> None:
    prefix = f"test-{uuid.uuid4().hex}"
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": prefix}}
    assert caches["default"].key_prefix == prefix


@pytest.fixture
def sign_in(client):
    """``sign_in(email, password)`` posts the sign-in form as a browser does."""
    from tests.support.people import PASSWORD

    def post(email, password=PASSWORD, *, to=client, next_url="", **extra):
        return to.post("/account/login/", {"login": email, "password": password, "next": next_url}, **extra)

    return post
