"""API tokens: the administrator's pages, and what a token opens."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import ApiToken, Membership, User
from portal.accounts.services import person_deactivate, service_account_create
from portal.accounts.tokens import api_token_create, api_token_find
from portal.audit.models import AuditEvent
from tests.support.people import bearer_client, signed_in


@pytest.fixture(autouse=True)
def probe_urls(settings):
    settings.ROOT_URLCONF = "tests.portal.accounts.urls_with_probe"


def make(client, name="PACS", scopes=("patients:read",), lifetime="30"):
    return client.post(reverse("accounts:token_create"), {"name": name, "scopes": scopes, "lifetime": lifetime})


def token_in(response):
    return re.search(r"btl_[\w-]{40,}", response.content.decode())[0]


def test_a_token_is_shown_once_and_only_its_digest_is_kept(admin_ann_client):
    response = make(admin_ann_client)
    token = token_in(response)
    assert "no-store" in response["Cache-Control"]
    row = ApiToken.objects.get()
    assert token not in str(vars(row))
    assert token not in admin_ann_client.get(reverse("accounts:tokens")).content.decode()
    assert not any(token in str(vars(event)) for event in AuditEvent.objects.all())
    assert row.expires_at - timezone.now() < timedelta(days=30, minutes=1)


def test_a_token_opens_what_its_scopes_say_in_its_hospital(admin_ann_client, st_mary):
    caller = bearer_client(token_in(make(admin_ann_client)))
    answer = caller.get("/probe/")
    assert (answer.status_code, answer.json()["hospital"]) == (200, str(st_mary.pk))
    assert caller.post("/probe/").status_code == 403
    assert caller.delete("/probe/").status_code == 403


@pytest.mark.parametrize("scopes", [[], ["hospital:administer"], ["readings:write"], ["patients:read", "everything"]])
def test_no_token_gets_more_than_the_scopes_there_are(admin_ann_client, scopes, st_mary, admin_ann):
    assert make(admin_ann_client, scopes=scopes).status_code == 200
    assert not ApiToken.objects.exists()
    with pytest.raises(ValueError, match="scopes"):
        api_token_create(
            hospital=st_mary, user=admin_ann, name="x", scopes=scopes, expires_at=timezone.now(), created_by=None
        )


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer a b", "Bearer unknown", "Bearer \xff", "Basic x"])
def test_a_header_that_is_no_token_is_401_and_says_how(db, header):
    answer = Client(headers={"Authorization": header}).get("/probe/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_no_header_is_401_even_for_someone_signed_in_on_the_pages(alice_client):
    assert alice_client.get("/probe/").status_code == 401


def test_an_expired_token_is_401(api_token):
    ApiToken.objects.update(expires_at=timezone.now())
    assert bearer_client(api_token).get("/probe/").status_code == 401


def test_revoking_asks_first_and_closes_at_once(admin_ann_client, api_token):
    row = ApiToken.objects.get()
    url = reverse("accounts:token_revoke", args=[row.pk])
    assert admin_ann_client.get(url).status_code == 200
    assert bearer_client(api_token).get("/probe/").status_code == 200
    assert admin_ann_client.post(url).status_code == 302
    assert bearer_client(api_token).get("/probe/").status_code == 401
    assert admin_ann_client.post(url).status_code == 404
    assert AuditEvent.objects.filter(action="token.revoke").count() == 1


def test_a_deactivated_systems_tokens_are_401_and_revoked(api_token, st_mary):
    service = User.objects.get(is_service=True)
    person_deactivate(user=service, actor=None, hospital=st_mary, at=timezone.now())
    assert bearer_client(api_token).get("/probe/").status_code == 401
    assert ApiToken.objects.get().revoked_at is not None


def test_a_token_whose_system_left_the_hospital_is_401(api_token):
    Membership.objects.filter(role="service").update(ended_at=timezone.now())
    assert api_token_find(api_token, at=timezone.now()) is None


def test_another_hospitals_token_is_404(api_token, join, county):
    mallory = signed_in(join(county, "mallory", "administrator"))
    row = ApiToken.objects.get()
    url = reverse("accounts:token_revoke", args=[row.pk])
    assert (mallory.get(url).status_code, mallory.post(url).status_code) == (404, 404)
    assert row.hint not in mallory.get(reverse("accounts:tokens")).content.decode()
    assert api_token_find(api_token, at=timezone.now()) == row


def test_a_renewed_token_continues_the_same_system(st_mary):
    now = timezone.now()
    same = {"hospital": st_mary, "scopes": ["patients:read"], "expires_at": now + timedelta(days=1), "at": now}
    first, _ = service_account_create(name="PACS", **same)
    second, _ = service_account_create(name=" PACS ", **same)
    other, _ = service_account_create(name="Gateway", **same)
    assert first.user == second.user
    assert other.user != first.user


def test_use_is_noted_but_not_with_every_call(api_token):
    caller = bearer_client(api_token)
    caller.get("/probe/")
    noted = ApiToken.objects.get().last_used_at
    assert noted is not None
    caller.get("/probe/")
    assert ApiToken.objects.get().last_used_at == noted


def test_each_token_has_its_own_limit_counted_in_the_cache_server(api_token, token_for, st_mary, monkeypatch):
    from django.core.cache import cache

    from portal.accounts.api_authentication import TokenRateThrottle

    monkeypatch.setattr(TokenRateThrottle, "THROTTLE_RATES", {"token": "3/min"})
    other = bearer_client(token_for(st_mary))
    caller = bearer_client(api_token)
    answers = [caller.get("/probe/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert other.get("/probe/").status_code == 200
    keys = cache._cache.get_client().keys(f"{cache.key_prefix}:*throttle_token*")
    assert len(keys) == 2
    assert not any(api_token.encode() in key for key in keys)
