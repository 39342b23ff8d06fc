import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def note_uploads(apps, schema_editor):
    """What was uploaded or imported: candidates and others that neither came with the site nor were trained on it."""
    versions = apps.get_model("registry", "ModelVersion").objects.filter(is_built_in=False, trainings=None)
    brought = models.Q(state="candidate") | models.Q(uploads__isnull=False)
    found = versions.filter(brought).exclude(kind__startswith="classifier-").values_list("pk", flat=True)
    apps.get_model("registry", "ModelVersion").objects.filter(pk__in=list(found)).update(is_uploaded=True)


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0006_trash"),
        ("registry", "0008_disagreements_go_with_their_jobs"),
    ]

    operations = [
        migrations.AddField("change", "despite", models.JSONField(default=dict)),
        migrations.AddField("modelversion", "is_uploaded", models.BooleanField(default=False)),
        migrations.AddField("modelversion", "measured_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("modelversion", "probe", models.JSONField(default=dict)),
        migrations.AddField(
            "modelversion",
            "measuring",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="jobs.job",
            ),
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measurement",
                        to="jobs.job",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="registry.modelversion",
                    ),
                ),
            ],
            options={"ordering": ["-created_at", "-pk"]},
        ),
        migrations.RunPython(note_uploads, migrations.RunPython.noop),
    ]
