"""Students of an exam become candidates, whose names are kept once, by their classes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0004_roster_uploads"), ("school", "0001_classes")]

    operations = [
        migrations.RenameModel("Student", "Candidate"),
        migrations.RenameField("Paper", "student", "candidate"),
        migrations.AddField(
            "Candidate",
            "enrollment",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="candidates",
                to="school.enrollment",
            ),
        ),
    ]
