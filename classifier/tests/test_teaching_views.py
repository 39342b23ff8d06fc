"""What the pages of teaching show and do, without a worker."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from classifier.models import Classifier, Example
from classifier.services import teaching
from classifier.tests.taught import a_classifier, a_version
from classifier.tests.things import uploads
from jobs.models import Status

pytestmark = pytest.mark.django_db


def url(name: str, classifier: Classifier, *more: object) -> str:
    return reverse(f"classifier:{name}", args=[classifier.pk, *more])


def said(answer) -> str:
    return answer.content.decode()


def test_a_new_classifier_has_the_classes_that_were_typed(browse, alice):
    answer = browse(alice).post("/classifiers/", {"name": "Pets", "labels": "cat\n\n dog \ncat"}, follow=True)
    classifier = Classifier.objects.get()
    assert answer.redirect_chain[-1][0] == classifier.get_absolute_url()
    assert [label.name for label in classifier.labels.all()] == ["cat", "dog"]
    assert "Pictures of cat" in said(answer)


def test_without_a_name_the_form_says_so(browse, alice):
    assert "Please give it a name." in said(browse(alice).post("/classifiers/", {"name": "", "labels": ""}))


def test_the_list_shows_ones_own_and_shared_ones(browse, alice, bob):
    teaching.create(owner=alice, name="Secret")
    teaching.share(classifier=teaching.create(owner=alice, name="Open"), is_shared=True)
    page = said(browse(bob).get("/classifiers/"))
    assert "Open" in page and "shared by alice" in page and "Secret" not in page


def test_the_page_shows_classes_pictures_figures_and_versions(browse, alice):
    classifier = a_classifier(alice)
    a_version(classifier, accuracy=0.875)
    page = said(browse(alice).get(classifier.get_absolute_url()))
    assert page.count("?small") == 7  # three of each class, one that misled
    assert "87.5 %" in page and "50.0 % to 99.0 %" in page
    assert "The weakest class is cat" in page and "cat, taken for dog (70.0 %)" in page
    assert "Fine-tuning needs 100 pictures or more." in page
    assert '<th scope="row">cat</th>' in page and "taught.onnx" in page


def test_the_page_of_a_shared_one_shows_no_pictures_and_nothing_to_change(browse, alice, bob):
    classifier = a_classifier(alice)
    a_version(classifier)
    teaching.share(classifier=classifier, is_shared=True)
    page = said(browse(bob).get(classifier.get_absolute_url()))
    assert "alice shares this classifier" in page and "90.0 %" in page
    assert "?small" not in page and "Teach it" not in page and "taught.onnx" not in page


def test_pictures_of_a_class_are_taken_in_at_once_and_what_is_none_is_named(browse, alice):
    classifier = teaching.create(owner=alice, name="Pets")
    files = [*uploads("leaf", 2), SimpleUploadedFile("notes.txt", b"no picture at all " * 20)]
    answer = browse(alice).post(
        url("add_examples", classifier), {"label": "leaf", "images": files}, follow=True
    )
    assert classifier.examples.count() == 2
    assert "1 file was left out" in said(answer) and "notes.txt" in said(answer)
    assert "data-reload-when-job-ends" in said(answer)


def test_pictures_without_a_class_are_refused_with_a_sentence(browse, alice):
    classifier = teaching.create(owner=alice, name="Pets")
    answer = browse(alice).post(url("add_examples", classifier), {"images": uploads("leaf", 1)}, follow=True)
    assert "Say which class these pictures are of" in said(answer)
    assert not classifier.examples.exists()


def test_one_click_removes_a_picture_and_another_one_takes_that_back(browse, alice):
    classifier, page = a_classifier(alice), browse(alice)
    example = classifier.examples.first()
    answer = page.post(url("change_examples", classifier), {"example": example.pk}, follow=True)
    assert "1 picture was removed." in said(answer)
    assert (
        classifier.examples.count() == 5
        and next(label.count for label in classifier.counted_labels if label.name == "cat") == 2
    )
    page.post(reverse("trash:restore", args=[Example.with_trashed.get(pk=example.pk).trashed_id]))
    assert classifier.examples.count() == 6


def test_doubles_are_listed_and_taken_out_together(browse, alice):
    classifier = a_classifier(alice)
    first, second, *_others, third = (str(row.pk) for row in classifier.examples.all())
    classifier.comparison = {"same": [[first, second, 0.0]], "near": [], "look_alikes": [[first, third, 0.2]]}
    classifier.save()
    client = browse(alice)
    page = said(client.get(classifier.get_absolute_url()))
    assert "1 picture is there twice" in page and "1 pair looks alike, but is of different classes" in page
    client.post(url("change_examples", classifier), {"example": [second]})
    classifier.refresh_from_db()
    assert classifier.found_among["same"] == [] and len(classifier.found_among["look_alikes"]) == 1


def test_a_page_with_more_pairs_than_it_shows_opens(browse, alice):
    """Pairs that stand among those in two classes are not shown again, and others come up in their place."""
    classifier = a_classifier(alice, count=30)
    cats, dogs = (list(label.examples.values_list("pk", flat=True)) for label in classifier.labels.all())
    pairs = [[str(cat), str(dog), 0.01] for cat, dog in zip(cats, dogs, strict=True)]
    classifier.comparison = {"same": pairs[:2], "near": [], "look_alikes": pairs}
    classifier.save()
    page = said(browse(alice).get(classifier.get_absolute_url()))
    assert "2 pictures are in two classes" in page and "24 pairs look alike" in page


def test_chosen_pictures_move_to_another_class(browse, alice):
    classifier = a_classifier(alice)
    cat, dog = classifier.labels.all()
    page = said(browse(alice).get(url("label", classifier, cat.pk)))
    assert "Move the chosen there" in page
    moved = [row.pk for row in cat.examples.all()[:2]]
    browse(alice).post(url("change_examples", classifier), {"example": moved, "to": dog.pk, "move": "1"})
    assert dog.examples.count() == 5


@pytest.mark.parametrize("to", ["9" * 5000, "²", "-1", ""])
def test_pictures_do_not_move_to_a_class_that_is_none(browse, alice, to):
    answer = browse(alice).post(url("change_examples", a_classifier(alice)), {"to": to, "move": "1"})
    assert answer.status_code == 404


def test_a_class_that_gets_the_name_of_another_joins_it(browse, alice):
    classifier = a_classifier(alice)
    cat, _dog = classifier.labels.all()
    browse(alice).post(url("change_label", classifier, cat.pk), {"name": "dog"})
    assert [(label.name, label.count) for label in classifier.counted_labels] == [("dog", 6)]


def test_a_class_is_deleted_with_its_pictures(browse, alice):
    classifier = a_classifier(alice)
    browse(alice).post(url("change_label", classifier, classifier.labels.first().pk), {"delete": "1"})
    assert classifier.examples.count() == 3


@pytest.mark.parametrize(
    ("classes", "count", "sentence"),
    [
        (("cat",), 3, "There must be pictures of two classes"),
        (("cat", "dog"), 1, "These classes have one picture each"),
        ((), 0, "There must be pictures of two classes"),
    ],
)
def test_what_cannot_be_taught_says_what_is_missing(browse, alice, classes, count, sentence):
    classifier = a_classifier(alice, count, classes)
    assert sentence in said(browse(alice).post(url("train", classifier), follow=True))
    assert not classifier.trainings.exists()


def test_teaching_is_polled_until_it_ends(browse, alice):
    classifier = a_classifier(alice)
    client = browse(alice)
    assert "hx-get" in said(client.post(url("train", classifier), {"fine_tune": "on"}, follow=True))
    training = classifier.trainings.get()
    assert training.wants_tuning
    poll = url("training", classifier, training.pk)
    assert client.get(poll).status_code == 200
    training.job.status = Status.DONE
    training.job.save()
    answer = client.get(poll)
    assert answer.status_code == 286 and answer["HX-Trigger-After-Settle"] == "job-ended"


def test_while_something_is_done_nothing_else_begins(browse, alice):
    classifier = a_classifier(alice)
    teaching.train(classifier=classifier)
    answer = browse(alice).post(url("train", classifier), follow=True)
    assert "Something is still being done" in said(answer) and classifier.trainings.count() == 1


def test_versions_change_places(browse, alice):
    classifier = a_classifier(alice)
    first, second = a_version(classifier), a_version(classifier)
    client = browse(alice)
    client.post(url("activate", classifier, first.pk))
    assert classifier.active_version == first
    for live_before in (second, first):
        client.post(url("roll_back", classifier))
        assert classifier.active_version == live_before
    assert "There is no earlier version." in said(client.post(url("roll_back", classifier), follow=True))


@pytest.mark.parametrize(
    ("name", "content"), [("taught.safetensors", b"weights"), ("taught.onnx", b"network")]
)
def test_a_version_can_be_taken_home(browse, alice, name, content):
    classifier = a_classifier(alice)
    version = a_version(classifier)
    answer = browse(alice).get(url("download", classifier, version.pk, name))
    assert b"".join(answer.streaming_content) == content and "Pets-" in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["../secret_key", "other.txt", "taught.pickle"])
def test_no_other_file_can(browse, alice, name):
    classifier = a_classifier(alice)
    version = a_version(classifier)
    assert browse(alice).get(f"/classifiers/{classifier.pk}/versions/{version.pk}/{name}").status_code == 404


def test_another_classifiers_version_is_404(browse, alice):
    classifier, other = a_classifier(alice), a_classifier(alice)
    version = a_version(other)
    assert browse(alice).post(url("activate", classifier, version.pk)).status_code == 404


def test_what_people_teach_is_on_no_public_page(browse, call, alice, bob):
    version = a_version(a_classifier(alice))
    assert browse(bob).get(f"/models/{version.pk}/").status_code == 404
    assert version.kind not in said(browse(bob).get("/models/"))
    assert call(bob).get(f"/api/models/{version.pk}/").status_code == 404


def test_a_classifier_that_is_gone_for_good_takes_its_files_along(
    browse, alice, django_capture_on_commit_callbacks
):
    classifier = a_classifier(alice)
    version = a_version(classifier)
    example = classifier.examples.first()
    with django_capture_on_commit_callbacks(execute=True):
        browse(alice).post(url("delete_classifier", classifier))
        browse(alice).post(reverse("trash:purge", args=[Classifier.with_trashed.get().trashed_id]))
    assert not Classifier.with_trashed.exists() and not example.file.storage.exists(example.file.name)
    assert not example.file.storage.exists(f"models/{version.sha256}/taught.onnx")


def test_the_pages_speak_korean(browse, alice):
    classifier = a_classifier(alice)
    a_version(classifier)
    client = browse(alice)
    client.cookies.load({"django_language": "ko"})
    page = said(client.get(classifier.get_absolute_url()))
    assert "가르치기" in page and "가장 약한 종류" in page


def test_a_thumbnail_is_a_small_jpeg(browse, alice):
    classifier = a_classifier(alice)
    answer = browse(alice).get(url("example", classifier, classifier.examples.first().pk) + "?small")
    assert answer.content.startswith(b"\xff\xd8")


def test_administrators_see_who_teaches_what(browse, alice, root):
    a_version(a_classifier(alice), accuracy=0.875)
    client = browse(root)
    assert "Pets" in said(client.get("/admin/classifier/classifier/"))
    assert "87.5 %" in said(client.get("/admin/classifier/training/"))
