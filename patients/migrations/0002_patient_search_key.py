from typing import Any

from django.db import migrations, models

import patients.search_key


def keys_fill(apps: Any, _schema_editor: Any) -> None:
    patient_model = apps.get_model("patients", "Patient")
    for patient in patient_model.objects.iterator(chunk_size=1000):
        patient.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="search_key",
            field=patients.search_key.SearchKeyField(default="", editable=False, max_length=600),
        ),
        migrations.RunPython(keys_fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["hospital", "search_key"], name="patient_by_search_key"),
        ),
    ]
