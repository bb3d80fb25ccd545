"""The OpenAPI document: made once a process, the same for everybody."""

from functools import cache
from http import HTTPStatus
from typing import Any

from django.utils import translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from classify.api.serializers.strict import StrictSerializer
from portal.accounts.api_authentication import scopes_needed


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "portal.accounts.api_authentication.BearerTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that a hospital's administrator made, with the scopes that the call needs.",
        }


class ApiSchema(AutoSchema):
    """Names the scopes that a call needs, from where the views enforce them."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        scopes = scopes_needed(self.view, self.method)
        if operation and scopes:
            needs = "Needs " + " and ".join(f"`{scope}`" for scope in scopes) + "."
            operation["description"] = f"{operation.get('description', '')}\n\n{needs}".strip()
        for status, response in (operation or {}).get("responses", {}).items():
            response["description"] = response.get("description") or HTTPStatus(int(status)).phrase
        return operation

    def _is_list_view(self, serializer: Any = None) -> bool:
        # Of several answers drf-spectacular looks at the one whose key sorts first: here that would be an error.
        answers = self.get_response_serializers() if serializer is None else serializer
        return super()._is_list_view(answers.get(200) if isinstance(answers, dict) else answers)

    def get_description(self) -> str:  # type: ignore[override]
        return ""  # docstrings speak to those who work on the code

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        schema = super()._map_basic_serializer(serializer, direction)
        schema.pop("description", None)
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
            if not schema.get("required"):
                schema["minProperties"] = 1
        return schema


@cache
def document() -> dict[str, Any]:
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)
