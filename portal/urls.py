from django.contrib import admin
from django.urls import include, path

from portal.admin.models_page import models_page

urlpatterns = [
    path("", include("portal.pages.urls")),
    path("", include("portal.ops.urls")),
    path("account/", include("portal.accounts.sign_in_urls")),
    path("", include("portal.accounts.urls")),
    path("settings/hospital/audit/", include("portal.audit.urls")),
    path("settings/hospital/models/", models_page, name="models"),
    path("patients/", include("patients.urls")),
    path("", include("classify.urls")),
    path("api/v1/", include("classify.api.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.pages.errors.bad_request"
handler403 = "portal.pages.errors.permission_denied"
handler404 = "portal.pages.errors.not_found"
handler500 = "portal.pages.errors.server_error"
