from django.urls import path

from classify.views import changes, corrections, pictures, recordings, states, uploads

app_name = "classify"
urlpatterns = [
    path("upload/", uploads.patient_choose, name="upload"),
    path("patients/<uuid:patient_id>/upload/", uploads.upload, name="upload_for"),
    path("recordings/<uuid:recording_id>/", recordings.detail, name="recording"),
    path("recordings/<uuid:recording_id>/state/", states.recording_state, name="recording_state"),
    path("recordings/<uuid:recording_id>/picture/", pictures.display, name="picture"),
    path("recordings/<uuid:recording_id>/thumbnail/", pictures.thumbnail, name="thumbnail"),
    path("recordings/<uuid:recording_id>/original/", pictures.original, name="original"),
    path("recordings/<uuid:recording_id>/correct/", corrections.correct, name="correct"),
    path("recordings/<uuid:recording_id>/retry/", changes.retry, name="retry"),
    path("recordings/<uuid:recording_id>/withdraw/", changes.withdraw, name="withdraw"),
    path("recordings/<uuid:recording_id>/move/", changes.move, name="move"),
    path("results/<uuid:prediction_id>/", corrections.result, name="result"),
    path("worker/", states.worker_state, name="worker_state"),
]
