from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TracingsConfig(AppConfig):
    name = "classify.tracings"
    label = "tracings"
    verbose_name = _("Tracings")
