from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from classify.registry.registration import models_register


class Command(BaseCommand):
    help = "Registers the models of worker/artifacts and BEATLINE_ARTIFACTS; may be repeated at every start."

    def handle(self, *args: Any, **options: Any) -> None:
        done = models_register(at=timezone.now())
        for words, versions in (
            ("registered", done.registered),
            ("figures read again", done.measured_again),
            ("in use from the first start", done.brought_into_use),
        ):
            for version in versions:
                self.stdout.write(f"{version}: {words}")
        # Not fatal: the portal must come up, so that an administrator can choose another model.
        for problem in done.problems:
            self.stderr.write(self.style.WARNING(problem))
