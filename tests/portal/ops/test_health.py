import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from portal.ops.pulse import Role, is_alive, pulse_beat, pulse_stop

UNREACHABLE = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
}


@pytest.fixture(autouse=True)
def nobody_is_alive() -> None:
    cache.clear()


def test_healthz_answers_without_a_database(client: Client) -> None:
    # No django_db mark: a query would fail this test.
    response = client.get("/healthz/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_the_worker_that_is_missing(client: Client, shipped_models: None) -> None:
    pulse_beat(Role.SCHEDULER, "one")
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable", "database": True, "broker": True, "worker": False, "scheduler": True,
        "models": True,
    }  # fmt: skip


@pytest.mark.django_db
def test_readyz_is_well_when_all_parts_are(client: Client, shipped_models: None) -> None:
    pulse_beat(Role.SCHEDULER, "one")
    pulse_beat(Role.WORKER, "one")
    response = client.get("/readyz/")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_readyz_says_that_no_model_is_in_use(client: Client) -> None:
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json()["models"] is False


@pytest.mark.django_db
@override_settings(CACHES=UNREACHABLE)
def test_readyz_says_that_the_broker_is_away_and_not_where_it_is(client: Client) -> None:
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json()["broker"] is False
    assert response.json()["database"] is True
    assert b"127.0.0.1" not in response.content


@pytest.mark.django_db
def test_readyz_takes_no_writes_and_changes_no_session(client: Client) -> None:
    assert client.post("/readyz/").status_code == 405
    assert "Set-Cookie" not in client.get("/readyz/").headers


def test_a_worker_that_stops_in_order_is_not_alive_while_its_sister_beats_on() -> None:
    pulse_beat(Role.WORKER, "one")
    pulse_stop(Role.WORKER, "one")
    assert not is_alive(Role.WORKER)
    pulse_beat(Role.WORKER, "two")
    assert is_alive(Role.WORKER)
    assert not is_alive(Role.WORKER, "one")
    assert not is_alive(Role.SCHEDULER)


def test_a_pulse_expires_by_itself() -> None:
    pulse_beat(Role.WORKER, "one")
    ttl = cache._cache.get_client().ttl(cache.make_and_validate_key("pulse:worker"))  # type: ignore[attr-defined]
    assert 0 < ttl <= 15
