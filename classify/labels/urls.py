from django.urls import path

from classify.labels import views

app_name = "labels"
urlpatterns = [
    path("", views.labels, name="list"),
    path("export/", views.export, name="export"),
    path("<uuid:pk>/state/", views.export_state, name="state"),
    path("<uuid:pk>/package/", views.package, name="package"),
]
