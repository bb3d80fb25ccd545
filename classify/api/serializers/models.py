"""Which models answer. Figures are fractions from 0 to 1, measured on patients that the model never saw."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from classify.registry.figures import headline
from classify.registry.models import DeploymentRole, ModelKind, ModelVersion
from classify.registry.selectors import role_of

ROLES = DeploymentRole.values
MODEL_KINDS = ModelKind.values


class FiguresSerializer(serializers.Serializer[Any]):
    place = serializers.CharField(help_text="Where it was measured, in words.")
    beats = serializers.IntegerField(allow_null=True)
    accuracy = serializers.FloatField(allow_null=True)
    macro_f1 = serializers.FloatField(allow_null=True)
    f1 = serializers.SerializerMethodField(help_text="By AAMI class, of those that were scored.")

    @extend_schema_field(serializers.DictField(child=serializers.FloatField(allow_null=True)))
    def get_f1(self, measured: Any) -> dict[str, float | None]:
        return {one.letter: one.f1 for one in measured.classes}


class ModelVersionSerializer(serializers.Serializer[ModelVersion]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.CharField()
    kind = serializers.ChoiceField(choices=MODEL_KINDS, help_text="`beat` reads single beats, `context` reads strips.")
    sha256 = serializers.CharField(help_text="Of the network's file.")
    role = serializers.SerializerMethodField(
        help_text="`active` answers, `shadow` runs beside it without anybody seeing what it says; null is neither."
    )
    since = serializers.SerializerMethodField(help_text="Since when it has its role.")
    threshold = serializers.SerializerMethodField(help_text="Beats of a lower confidence are unsure.")
    figures = serializers.SerializerMethodField(
        help_text="The first figures on new patients; null where there are none."
    )
    registered_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField(choices=ROLES, allow_null=True))
    def get_role(self, version: ModelVersion) -> str | None:
        role = role_of(version)
        return role.role if role else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_since(self, version: ModelVersion) -> str | None:
        role = role_of(version)
        return serializers.DateTimeField().to_representation(role.since) if role else None

    @extend_schema_field(serializers.FloatField())
    def get_threshold(self, version: ModelVersion) -> float:
        return version.manifest["threshold"]

    @extend_schema_field(FiguresSerializer(allow_null=True))
    def get_figures(self, version: ModelVersion) -> dict[str, Any] | None:
        measured = headline(version.manifest)
        return FiguresSerializer(measured).data if measured else None
