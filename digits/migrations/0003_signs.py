from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digits", "0002_trash")]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="signs",
            field=models.JSONField(default=list),
        ),
    ]
