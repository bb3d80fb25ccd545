from django.urls import path

from patients.views import notes, patient_detail, patient_edit, patient_list

app_name = "patients"
urlpatterns = [
    path("", patient_list.patient_list, name="list"),
    path("search/", patient_list.patient_list_search, name="search"),
    path("register/", patient_edit.register, name="register"),
    path("<uuid:patient_id>/", patient_detail.detail, name="detail"),
    path("<uuid:patient_id>/edit/", patient_edit.edit, name="edit"),
    path("<uuid:patient_id>/notes/", notes.add, name="note_add"),
    path("<uuid:patient_id>/notes/<uuid:note_id>/withdraw/", notes.withdraw, name="note_withdraw"),
    path("<uuid:patient_id>/notes/<uuid:note_id>/restore/", notes.restore, name="note_restore"),
]
