from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.pages.urls")),
    path("", include("portal.ops.urls")),
    path("account/", include("portal.accounts.sign_in_urls")),
    path("", include("portal.accounts.urls")),
    path("settings/hospital/audit/", include("portal.audit.urls")),
    path("settings/hospital/labels/", include("classify.labels.urls")),
    path("settings/hospital/models/", include("classify.registry.urls")),
    path("patients/", include("patients.urls")),
    path("today/", include("classify.today_urls")),
    path("", include("classify.urls")),
    path("", include("classify.explanations.urls")),
    path("api/v1/", include("classify.api.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "classify.api.handlers.bad_request"
handler403 = "classify.api.handlers.permission_denied"
handler404 = "classify.api.handlers.not_found"
handler500 = "classify.api.handlers.server_error"
