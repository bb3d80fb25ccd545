from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "classify.registry"
    label = "registry"
    verbose_name = _("Models")

    def ready(self) -> None:
        from classify.registry.health import models_are_whole
        from portal.ops.readiness import readiness_part_add

        readiness_part_add("models", models_are_whole)
