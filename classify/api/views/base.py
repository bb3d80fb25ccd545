"""What all API views share: who calls, what they may do, how much they may send, and what is written down."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, cast
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from classify.api.errors import Problem
from portal.accounts.access import automatic
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record

MAX_JSON_BYTES: Final = 256 * 1024
Scopes = Mapping[str, Permission | tuple[Permission, ...]]


class ApiView(APIView):
    """``scopes`` names what each method needs; ``max_body_bytes`` how much may come with it."""

    scopes: ClassVar[Scopes] = {}
    max_body_bytes: ClassVar[int] = MAX_JSON_BYTES

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # type: ignore[override]
        # A call with a token is no use of the session whose cookie a browser may send along.
        return automatic(super().as_view(**initkwargs))

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """401 comes before 405, so that a stranger learns nothing, and 405 before 403: no scope would open it."""
        if not isinstance(request.auth, Actor):
            self.permission_denied(request)
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        self.body_size_check(request)

    def body_size_check(self, request: Request) -> None:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > self.max_body_bytes:
            raise Problem(413, "too_large", self.too_large_sentence())

    def too_large_sentence(self) -> str:
        return _("This request is larger than expected.")

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Authorization"])
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204)

    def audit(self, action: str, *, patients: set[UUID], target: Model | None = None) -> None:
        audit_record(self.actor, action, patients=sorted(patients), target=target)


class ListApiView(ApiView, GenericAPIView[Any]):
    """One page of a list, and one audit event that names the patients on it."""

    audit_action: ClassVar[str]

    def patient_of(self, row: Any) -> UUID:
        raise NotImplementedError

    def page(self, rows: QuerySet[Any]) -> Response:
        self.parameters_check()
        shown = self.paginate_queryset(rows) or []
        self.audit(self.audit_action, patients={self.patient_of(row) for row in shown})
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)

    def parameters_check(self) -> None:
        """A filter with a typing error would answer with everybody's data, so it is an error."""
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        unknown = set(self.request.query_params) - set(filters) - {"page", "page_size"}
        if unknown:
            raise ValidationError({name: [_("There is no such parameter.")] for name in sorted(unknown)})


def actor_of(request: Request) -> Actor:
    """``BearerTokenAuthentication`` puts the actor where Django REST framework keeps the token."""
    return cast(Actor, request.auth)


def validated(serializer: BaseSerializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
