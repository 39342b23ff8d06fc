from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("grading", "0010_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="pagecells",
            name="networks",
            field=models.JSONField(null=True),
        ),
    ]
