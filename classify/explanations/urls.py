from django.urls import path

from classify.explanations import views

app_name = "explanations"
urlpatterns = [
    path("recordings/<uuid:recording_id>/beats/<int:number>/explanation/", views.beat, name="beat"),
    path("recordings/<uuid:recording_id>/beats/<int:number>/explanation/state/", views.beat_state, name="beat_state"),
]
