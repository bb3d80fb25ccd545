from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_patient_search_key")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="last_recording_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="last recording"),
        ),
        # From whatever stands on the timelines; history rows are told apart at the patient's next change.
        migrations.RunSQL(
            "UPDATE patients_patient SET last_recording_at = (SELECT MAX(entry.occurred_at)"
            " FROM patients_timelineentry AS entry"
            " WHERE entry.patient_id = patients_patient.id AND entry.kind = 'recording')",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["hospital", "last_recording_at"], name="patient_by_last_recording"),
        ),
    ]
