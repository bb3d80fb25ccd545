from django.urls import path, re_path

from classify.api import handlers
from classify.api.views.documents import DocsView, SchemaView
from classify.api.views.explanations import ExplanationView
from classify.api.views.models import ModelsView
from classify.api.views.patients import PatientSearchView, PatientsView, PatientView
from classify.api.views.predictions import PredictionsView, PredictionView
from classify.api.views.readings import ReadingsView, ReadingView
from classify.api.views.recordings import (
    RecordingPictureView,
    RecordingRetryView,
    RecordingsView,
    RecordingView,
    RecordingWithdrawView,
)
from classify.api.views.tracings import CorrectionsView, TracingView

app_name = "api"
urlpatterns = [
    path("patients/", PatientsView.as_view(), name="patients"),
    path("patients/search", PatientSearchView.as_view(), name="patient-search"),
    path("patients/<uuid:id>/", PatientView.as_view(), name="patient"),
    path("recordings/", RecordingsView.as_view(), name="recordings"),
    path("recordings/<uuid:id>/", RecordingView.as_view(), name="recording"),
    path("recordings/<uuid:id>/retry", RecordingRetryView.as_view(), name="recording-retry"),
    path("recordings/<uuid:id>/withdraw", RecordingWithdrawView.as_view(), name="recording-withdraw"),
    path("recordings/<uuid:id>/corrections", CorrectionsView.as_view(), name="recording-corrections"),
    path("recordings/<uuid:id>/tracing", TracingView.as_view(), name="recording-tracing"),
    path("recordings/<uuid:id>/picture", RecordingPictureView.as_view(), name="recording-picture"),
    path("recordings/<uuid:id>/beats/<int:index>/explanation", ExplanationView.as_view(), name="recording-explanation"),
    path("predictions/", PredictionsView.as_view(), name="predictions"),
    path("predictions/<uuid:id>/", PredictionView.as_view(), name="prediction"),
    path("readings/", ReadingsView.as_view(), name="readings"),
    path("readings/<uuid:id>/", ReadingView.as_view(), name="reading"),
    path("models/", ModelsView.as_view(), name="models"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path(r"^(?P<rest>.*)$", handlers.no_such_address, name="no-such-address"),
]
