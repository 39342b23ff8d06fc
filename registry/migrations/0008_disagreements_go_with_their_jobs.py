import django.db.models.deletion
from django.db import migrations, models


def delete_orphans(apps, schema_editor):
    """Until here readings could be deleted without a look at what was found of them."""
    jobs = apps.get_model("jobs", "Job").objects.filter(pk=models.OuterRef("job"))
    apps.get_model("registry", "Disagreement").objects.filter(~models.Exists(jobs)).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0002_queues"),
        ("registry", "0007_shadows"),
    ]

    operations = [
        migrations.RunPython(delete_orphans, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="disagreement",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="jobs.job"
            ),
        ),
    ]
