"""The tests' own services are those that the settings name, in the one process and in each of several."""

from django.conf import settings

from tests.support.session import Session


def test_the_settings_name_the_services_of_this_very_process(test_session: Session) -> None:
    assert settings.CACHES["default"]["LOCATION"] == test_session.broker.url
    assert test_session.broker.url == settings.CELERY_BROKER_URL
    assert str(settings.VAR_DIR) == test_session.environment["BEATLINE_VAR"]
