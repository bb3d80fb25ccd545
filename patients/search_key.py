"""What the patient search looks through: names and MRN in one folded line, kept beside the patient.

Neither SQLite nor a plain PostgreSQL folds accents, so the line is made here, whenever a patient is written.
"""

from typing import Any, Final

from django.db import models

from patients.names import name_fold, name_fold_written_out

MAX_LENGTH: Final = 600  # in UTF-8 at most 2,400 bytes, which a PostgreSQL index row can hold


def search_key(*, family_name: str, given_name: str, mrn: str) -> str:
    """Family name first, so that the line also sorts a list by name."""
    folded_mrn = name_fold(mrn)
    parts = [name_fold(family_name), name_fold(given_name), folded_mrn, folded_mrn.replace(" ", "")]
    written_out = name_fold_written_out(f"{family_name} {given_name}")
    if written_out != " ".join(parts[:2]):
        parts.append(written_out)
    return " ".join(dict.fromkeys(part for part in parts if part))[:MAX_LENGTH]


class SearchKeyField(models.CharField):
    """Follows the fields it is made of, as ``auto_now`` follows the clock: in ``save`` and in ``bulk_create``."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        key = search_key(
            family_name=model_instance.family_name, given_name=model_instance.given_name, mrn=model_instance.mrn
        )
        setattr(model_instance, self.attname, key)
        return key
