from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from classify.demo import demo_load, demo_recordings_load
from portal.ops.demo_files import credentials_path, credentials_write, loaded_write


class Command(BaseCommand):
    help = "Loads the demo hospitals and writes who may sign in to var/demo/credentials.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default="http://127.0.0.1:8000/api/v1/", help="written beside the API token")
        parser.add_argument("--no-recordings", action="store_true", help="people and patients only")

    def handle(self, *args: Any, base_url: str, no_recordings: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo people do not belong into a production database.")
        at = timezone.now()
        credentials_write(settings.VAR_DIR, demo_load(at=at, base_url=base_url))
        recordings = 0 if no_recordings else demo_recordings_load(at=at)
        loaded_write(settings.VAR_DIR, recordings)
        self.stdout.write(f"{recordings} recordings. Who may sign in: {credentials_path(settings.VAR_DIR)}")
