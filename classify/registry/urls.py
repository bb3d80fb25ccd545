from django.urls import path

from classify.registry.views import changes, pages, watch

app_name = "registry"
urlpatterns = [
    path("", pages.models, name="models"),
    path("look/", changes.look, name="look"),
    path("roll-back/<str:kind>/", changes.roll_back, name="roll_back"),
    path("<uuid:version_id>/", pages.model, name="model"),
    path("<uuid:version_id>/manifest.json", pages.manifest, name="manifest"),
    path("<uuid:version_id>/plots/<str:name>", pages.plot, name="plot"),
    path("<uuid:version_id>/promote/", changes.promote, name="promote"),
    path("<uuid:version_id>/shadow/", watch.shadow, name="shadow"),
    path("<uuid:version_id>/shadow/start/", changes.start_shadow, name="shadow_start"),
    path("<uuid:version_id>/shadow/stop/", changes.stop_shadow, name="shadow_stop"),
    path("<uuid:version_id>/drift/", watch.drift, name="drift"),
]
