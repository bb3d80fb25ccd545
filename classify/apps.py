from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassifyConfig(AppConfig):
    name = "classify"
    verbose_name = _("Recordings")

    def ready(self) -> None:
        from classify.timeline import timeline_kinds_register

        timeline_kinds_register()
