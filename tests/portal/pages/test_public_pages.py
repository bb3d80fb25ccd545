import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from portal.pages.aami import AAMI_CLASSES

PUBLIC = ["/", "/about/", "/classes/"]
NOTICE = "Research software, not a certified medical device"


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_a_visitor_reads_the_page_without_signing_in(client: Client, path: str):
    page = client.get(path)
    assert page.status_code == 200
    assert NOTICE in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_names_all_five_classes(client: Client, path: str):
    text = client.get(path).content.decode()
    for aami in AAMI_CLASSES:
        assert str(aami.name) in text
        assert f"sprite.svg#class-{aami.letter}" in text


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_has_one_heading_and_a_skip_link(client: Client, path: str):
    text = client.get(path).content.decode()
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert 'class="skip-link" href="#content"' in text


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_only_reads(client: Client, path: str):
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_the_classes_page_spells_out_every_beat_type_and_shows_an_example(client: Client):
    text = client.get("/classes/").content.decode()
    for aami in AAMI_CLASSES:
        assert f'src="/static/{aami.picture}"' in text
        for beat in aami.beat_types:
            assert str(beat.name) in text
            assert f"<code>{beat.symbol}</code>" in text


@pytest.mark.parametrize("aami", AAMI_CLASSES, ids=lambda aami: aami.letter)
def test_the_example_beat_is_there(aami):
    assert finders.find(aami.picture) is not None


@pytest.mark.django_db
def test_the_about_page_cites_its_sources(client: Client):
    text = client.get("/about/").content.decode()
    for source in ("AAMI EC57", "de Chazal", "Moody", "Goldberger", "arXiv:1804.06812"):
        assert source in text


@pytest.mark.django_db
def test_a_visitor_sees_sign_in_and_no_ward_navigation(client: Client):
    text = client.get("/").content.decode()
    assert "Sign in" in text
    assert "/account/login/" in text
    for hidden in ("Sign out", "Your menu", "/patients/", "/upload", "/admin/", "data-session-url"):
        assert hidden not in text


@pytest.mark.django_db
@pytest.mark.parametrize(("cookie", "attribute"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')])
def test_the_chosen_theme_comes_with_the_page(client: Client, cookie: str, attribute: str):
    client.cookies["theme"] = cookie
    assert attribute in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["", "pink", '"><script>'])
def test_an_unknown_theme_leaves_the_choice_to_the_system(client: Client, cookie: str):
    client.cookies["theme"] = cookie
    text = client.get("/").content.decode()
    assert '<html lang="en">' in text
    assert "pink" not in text
