from django.urls import path

from portal.pages import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("about/", views.about, name="about"),
    path("classes/", views.classes, name="classes"),
]
