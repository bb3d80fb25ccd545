from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class BeatlineAdminConfig(AdminConfig):
    default_site = "portal.admin.site.BeatlineAdminSite"

    def ready(self) -> None:
        super().ready()
        from portal.admin.base import ReadOnlyAdmin

        # Libraries register writable pages of their own, such as groups and authenticators: none of them stays.
        for model, model_admin in list(admin.site._registry.items()):
            if not isinstance(model_admin, ReadOnlyAdmin):
                admin.site.unregister(model)
