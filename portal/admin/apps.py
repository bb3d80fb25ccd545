from django.contrib.admin.apps import AdminConfig


class BeatlineAdminConfig(AdminConfig):
    default_site = "portal.admin.site.BeatlineAdminSite"
