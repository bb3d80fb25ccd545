from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from classify.api.serializers.strict import StrictSerializer
from patients.models import Patient, Sex


class PatientSerializer(serializers.ModelSerializer[Patient]):
    class Meta:
        model = Patient
        fields: ClassVar = [
            "id",
            "mrn",
            "family_name",
            "given_name",
            "birth_date",
            "sex",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class PatientRegisteredSerializer(PatientSerializer):
    possible_duplicates = serializers.ListField(
        child=serializers.UUIDField(),
        read_only=True,
        help_text="Patients of this hospital who may be the same person: born on the same day, with a similar name. "
        "Empty for a token without `patients:read`.",
    )

    class Meta(PatientSerializer.Meta):
        fields: ClassVar = [*PatientSerializer.Meta.fields, "possible_duplicates"]
        read_only_fields = fields


class PatientWriteSerializer(StrictSerializer):
    mrn = serializers.CharField(max_length=64, help_text="Medical record number, unique within the hospital.")
    family_name = serializers.CharField(max_length=120)
    given_name = serializers.CharField(max_length=120)
    birth_date = serializers.DateField()
    sex = serializers.ChoiceField(choices=Sex.choices, default=Sex.UNKNOWN)


class PatientChangeSerializer(PatientWriteSerializer):
    sex = serializers.ChoiceField(choices=Sex.choices)


class PatientSearchSerializer(StrictSerializer):
    query = serializers.CharField(
        max_length=200,
        required=False,
        help_text="As in the portal's search: parts of names in any order, of the MRN, or the birth date.",
    )
    mrn = serializers.CharField(max_length=64, required=False, help_text="Exactly this MRN.")
    family_name = serializers.CharField(max_length=120, required=False, help_text="The whole name, in any case.")
    given_name = serializers.CharField(max_length=120, required=False, help_text="The whole name, in any case.")
    birth_date = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(_("Name at least one thing to search for."))
        return attrs
