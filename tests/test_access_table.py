"""Person × address × method → status, for every address of the URL map: a new one without rows fails here.

Each parameter of an address stands for an object of St Mary's, so Charlie and Carol of County must never get one.
"""

import pytest

from tests.access_table import ANY, API, PAGES
from tests.support.access import API_METHODS, CALLERS, PAGE_METHODS, PEOPLE, World, build
from tests.support.url_map import Address, url_map

PUBLIC = {
    *("landing", "about", "classes", "healthz", "readyz"),
    *("account_login", "account_signup", "account_inactive", "account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("account_confirm_email", "account_email_verification_sent"),
    "accounts:session",  # tells a stranger only that they are one
}
CLINICAL = ("patients:", "classify:", "explanations:", "admin:classify", "admin:review", "api:")
TELLS_NOTHING_CLINICAL = {"classify:worker_state", "api:schema", "api:docs"}


def rows(address: Address) -> dict[str, list[str]]:
    table = API if address.is_api else PAGES
    return {method: answers.split() for method, answers in table.get(address.key, {}).items()}


def knockers(address: Address) -> tuple[str, ...]:
    return CALLERS if address.is_api else PEOPLE


def is_success(answer: str) -> bool:
    return answer[0] in "23"


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return build(request.getfixturevalue)


def test_every_address_and_method_has_its_row_and_no_row_is_left_over():
    expected = {a.key: set(API_METHODS if a.is_api else PAGE_METHODS) for a in url_map()}
    written = {key: set(methods) for key, methods in (PAGES | API).items()}
    assert written == expected


def test_every_row_names_everybody():
    for address in url_map():
        for method, answers in rows(address).items():
            assert len(answers) == len(knockers(address)), f"{address.key} {method}"


def test_nobody_gets_in_where_it_is_not_public():
    open_to_all = {
        address.key
        for address in url_map()
        for answers in rows(address).values()
        if answers[0] in ("200", "202", "422") or answers[0] == ANY
    }
    assert open_to_all <= PUBLIC


def test_no_row_gives_another_hospital_an_object():
    """The table itself is held to the rule, so that a wrong status can't be written down by habit."""
    for address in url_map():
        if not set(address.parameters) & {
            "patient_id",
            "note_id",
            "recording_id",
            "prediction_id",
            "pk",
            "id",
            "object_id",
        }:
            continue
        for method, answers in rows(address).items():
            foreign = [
                answers[knockers(address).index(name)]
                for name in ("charlie", "carol", "county")
                if name in knockers(address)
            ]
            moved = address.key.startswith("/admin/")  # an old address that leads to the page, which is closed
            assert all(answer in {"403", "404", "405"} or (moved and answer == "302") for answer in foreign), (
                f"{address.key} {method}: {foreign}"
            )


def test_no_row_shows_an_administrator_anything_clinical():
    for address in url_map():
        if address.is_api or not address.key.startswith(CLINICAL) or address.key in TELLS_NOTHING_CLINICAL:
            continue
        for method, answers in rows(address).items():
            assert answers[PEOPLE.index("ann")] in {"403", "404", "405"}, f"{address.key} {method}"


def test_everybody_gets_what_the_table_says(world: World):
    wrong = []
    for address in url_map():
        for method, expected in rows(address).items():
            for name, answer in zip(knockers(address), expected, strict=True):
                got = world.answer(address, name, method)
                if answer not in (got, ANY):
                    wrong.append(f"{method} {address.key} by {name}: {got}, not {answer}")
    assert not wrong, "\n".join(wrong)
