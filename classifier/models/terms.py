"""The index by which a person's pictures are found: a row for each term of a picture (classifier.terms)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from classifier.terms import LONGEST, Wanted

LAST = "\U0010ffff"  # what begins with a word lies between it and this behind it


class PictureTerm(models.Model):
    """The term is compared byte by byte on every database (see its migration), so that beginnings of words are a
    range of the index. The owner needs no index of its own: this one begins with it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    term = models.CharField(max_length=LONGEST)
    picture = models.ForeignKey("classifier.Picture", on_delete=models.CASCADE, related_name="terms")

    class Meta:
        indexes = [models.Index(fields=["owner", "term", "picture"], name="picture_terms")]

    def __str__(self) -> str:
        return f"{self.term} {self.picture_id}"


def pictures_with(owner: int, wanted: Wanted) -> Q:
    """A condition on this person's pictures: they have one of the terms, or all of the words."""
    means = Q(term__in=wanted.terms)
    if len(wanted.words) == 1:
        (word,) = wanted.words
        is_one_of = Q(term__in=[*wanted.terms, word])  # together, which is one look into the index
        return found_by(owner, means | written(wanted, word) if wanted.is_beginning(word) else is_one_of)
    in_words = Q()
    for word in wanted.words:
        in_words &= found_by(owner, written(wanted, word))
    return in_words | found_by(owner, means) if wanted.terms else in_words


def found_by(owner: int, condition: Q) -> Q:
    return Q(pk__in=PictureTerm.objects.filter(condition, owner=owner).values("picture"))


def written(wanted: Wanted, word: str) -> Q:
    begins = Q(term__gte=word, term__lt=f"{word}{LAST}")
    return begins if wanted.is_beginning(word) else Q(term=word)
