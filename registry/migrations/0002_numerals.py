"""The reader of boxed numbers was called digits, which is the name of another app's networks now."""

from django.db import migrations


def rename(apps, _schema_editor):
    versions = apps.get_model("registry", "ModelVersion").objects
    versions.filter(kind="digits", card__architecture="ml.network.CellNet").update(kind="numerals")


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
