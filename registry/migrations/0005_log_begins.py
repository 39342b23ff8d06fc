"""Of what answers already the log says only that it did when the log began."""

from django.db import migrations
from django.utils.translation import gettext_noop

BEGINNING = gettext_noop("It answered already when this log began.")


def begin(apps, _schema_editor):
    versions, changes = (apps.get_model("registry", name).objects for name in ("ModelVersion", "Change"))
    for version in versions.filter(state="active"):
        changes.create(kind=version.kind, after=version, why=BEGINNING)


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_log")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
