"""Pictures of before are found by neighbouring words in Hangul without the space between them, too."""

from django.db import migrations

from classifier.terms import terms_of

AT_ONCE = 1_000


def add_terms(apps, schema_editor):
    pictures = apps.get_model("classifier", "Picture")._base_manager.order_by("pk").only(
        "card", "name", "right_label", "owner_id"
    )
    PictureTerm = apps.get_model("classifier", "PictureTerm")
    for picture in pictures.exclude(card={}).iterator(AT_ONCE):
        if not picture.card.get("text"):
            continue
        known = set(PictureTerm.objects.filter(picture_id=picture.pk).values_list("term", flat=True))
        PictureTerm.objects.bulk_create(
            PictureTerm(owner_id=picture.owner_id, term=term, picture_id=picture.pk)
            for term in terms_of(picture.card, picture.name, picture.right_label)
            if term not in known
        )


class Migration(migrations.Migration):
    dependencies = [("classifier", "0005_picture_terms")]

    operations = [migrations.RunPython(add_terms, migrations.RunPython.noop)]
