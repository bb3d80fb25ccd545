from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from classify.registry.services import shadow_start
from tests.classify.api.conftest import API, assert_problem

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def test_the_models_are_listed_with_their_roles_and_figures(
    api_client: Client, make_version: Make, admin_ann_actor: Any
) -> None:
    beat, active = make_version("beat", "1.0.0", f1=0.7), make_version("context", "1.0.0", f1=0.8)
    shadow, other = make_version("context", "2.0.0"), make_version("context", "3.0.0")
    shadow_start(actor=admin_ann_actor, candidate=shadow, reason="", at=timezone.now())
    body = api_client.get(f"{API}models/").json()
    assert body["count"] == 4
    roles = {row["id"]: (row["kind"], row["role"]) for row in body["results"]}
    assert roles == {
        str(beat.pk): ("beat", "active"),
        str(active.pk): ("context", "active"),
        str(shadow.pk): ("context", "shadow"),
        str(other.pk): ("context", None),
    }
    (row,) = [row for row in body["results"] if row["id"] == str(active.pk)]
    assert (row["name"], row["version"], row["sha256"], row["threshold"]) == (
        "beatline-context", "1.0.0", active.sha256, 0.9,
    )  # fmt: skip
    assert row["figures"]["place"] == "New patients (DS2), strips of 10 s, annotated R peaks"
    assert row["figures"]["f1"] == {"N": 0.8, "S": 0.8, "V": 0.8, "F": 0.8}
    assert row["since"].endswith("Z")


def test_a_model_without_figures_and_without_a_role_says_null(api_client: Client, make_version: Make) -> None:
    make_version("context", "1.0.0")
    make_version("context", "2.0.0", metrics={})
    row = api_client.get(f"{API}models/").json()["results"][0]
    assert (row["version"], row["role"], row["since"], row["figures"]) == ("2.0.0", None, None, None)


def test_a_parameter_that_nobody_knows_is_an_error(api_client: Client) -> None:
    assert_problem(api_client.get(f"{API}models/?kind=beat"), 400, "invalid")


def test_a_longer_list_takes_no_more_queries(
    api_client: Client, make_version: Make, django_assert_max_num_queries: Any
) -> None:
    make_version("context", "1.0.0")
    api_client.get(f"{API}models/")  # notes the token's use, once a minute
    with django_assert_max_num_queries(5) as few:
        api_client.get(f"{API}models/")
    for number in range(2, 8):
        make_version("context", f"{number}.0.0")
    with django_assert_max_num_queries(len(few)):
        assert api_client.get(f"{API}models/").json()["count"] == 7
