from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from classify.api import examples
from classify.api.filters import PatientFilters
from classify.api.problems import problems
from classify.api.serializers.patients import (
    PatientChangeSerializer,
    PatientRegisteredSerializer,
    PatientSearchSerializer,
    PatientSerializer,
    PatientWriteSerializer,
)
from classify.api.views.base import ApiView, ListApiView, Scopes, validated
from patients.models import Patient
from patients.selectors import patient_get, patient_search, patients_named, patients_sorted
from patients.services import patient_duplicates_find, patient_register, patient_update
from portal.accounts.permissions import Permission


class PatientsView(ListApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.PATIENTS_READ, "POST": Permission.PATIENTS_WRITE}
    serializer_class = PatientSerializer
    filterset_class = PatientFilters
    audit_action = "patient.list"

    def patient_of(self, row: Patient) -> UUID:
        return row.pk

    def get_queryset(self) -> QuerySet[Patient]:
        return patients_sorted(Patient.objects.visible_to(self.actor), "name")

    @extend_schema(
        operation_id="patients_list",
        tags=["patients"],
        summary="List patients",
        description="By name. To find somebody, use the search: names and numbers never stand in a URL.",
        responses={200: PatientSerializer(many=True), **problems(400, 401, 403, 404, 429)},
    )
    def get(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()))

    @extend_schema(
        operation_id="patients_register",
        tags=["patients"],
        summary="Register a patient",
        request=PatientWriteSerializer,
        responses={201: PatientRegisteredSerializer, **problems(400, 401, 403, 409, 413, 415, 429)},
        examples=[examples.PATIENT_WRITE],
    )
    def post(self, request: Request) -> Response:
        values = validated(PatientWriteSerializer(data=request.data))
        patient = patient_register(actor=self.actor, **values)
        alike = {name: getattr(patient, name) for name in ("family_name", "given_name", "birth_date")}
        duplicates = patient_duplicates_find(actor=self.actor, exclude=patient, **alike)
        patient.possible_duplicates = list(duplicates.values_list("pk", flat=True))  # type: ignore[attr-defined]
        location = reverse("api:patient", [patient.pk], request=request)
        return Response(PatientRegisteredSerializer(patient).data, status=201, headers={"Location": location})


class PatientView(ApiView, GenericAPIView[Patient]):
    scopes: ClassVar[Scopes] = {
        "GET": Permission.PATIENTS_READ,
        "PATCH": (Permission.PATIENTS_READ, Permission.PATIENTS_WRITE),
    }
    serializer_class = PatientSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        operation_id="patients_read",
        tags=["patients"],
        summary="Read a patient",
        responses={200: PatientSerializer, **problems(401, 403, 404, 429)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        patient = patient_get(self.actor, id)
        self.audit("patient.read", patients={patient.pk}, target=patient)
        return Response(PatientSerializer(patient).data)

    @extend_schema(
        operation_id="patients_update",
        tags=["patients"],
        summary="Correct a patient",
        description="Send only the fields that change.",
        request=PatientChangeSerializer(partial=True),
        responses={200: PatientSerializer, **problems(400, 401, 403, 404, 409, 413, 415, 429)},
    )
    def patch(self, request: Request, id: UUID) -> Response:
        patient = patient_get(self.actor, id)
        changes = validated(PatientChangeSerializer(data=request.data, partial=True))
        if not changes:
            raise ValidationError([_("Name at least one field to change.")])
        changed = patient_update(patient=patient, actor=self.actor, **changes)
        if changed.updated_at == patient.updated_at:  # nothing differed, so the service wrote no event
            self.audit("patient.read", patients={patient.pk}, target=patient)
        return Response(PatientSerializer(changed).data)


class PatientSearchView(ListApiView):
    scopes: ClassVar[Scopes] = {"POST": Permission.PATIENTS_READ}
    serializer_class = PatientSerializer
    filter_backends = ()
    audit_action = "patient.search"

    def patient_of(self, row: Patient) -> UUID:
        return row.pk

    @extend_schema(
        operation_id="patients_search",
        tags=["patients"],
        summary="Find patients",
        description="By POST, so that no name or number stands in a URL or an access log. All that is named must fit. "
        "Send the same body to `next` for the next page.",
        request=PatientSearchSerializer,
        responses={200: PatientSerializer(many=True), **problems(400, 401, 403, 404, 413, 415, 429)},
        examples=[examples.SEARCH_QUERY, examples.SEARCH_MRN],
    )
    def post(self, request: Request) -> Response:
        asked: dict[str, Any] = validated(PatientSearchSerializer(data=request.data))
        found = patient_search(self.actor, asked.pop("query", ""))
        names = {name: asked.pop(name, "") for name in ("family_name", "given_name")}
        return self.page(patients_sorted(patients_named(found, **names).filter(**asked), "name"))
