import pytest

from classifier.tests import photos
from classifier.tests.findings import Findings, a_picture
from classifier.tests.photos import upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["", "?q=alice", "?q=tabby", "?q=cat.jpg", "?right_label__isempty=1"])
def test_an_admin_finds_everyones_pictures_and_teachers_do_not_enter(browse, root, alice, query):
    a_picture(alice)
    path = f"/admin/classifier/picture/{query}"
    assert browse(root).get(path).context["cl"].result_count == 1
    assert browse(alice).get(path).status_code == 302


def test_an_admin_looks_at_a_picture_but_not_where_it_was_taken_and_changes_nothing(browse, root, alice):
    picture = a_picture(alice, Findings())
    picture.file.save("located.jpg", upload(photos.located()))
    path = f"/admin/classifier/picture/{picture.pk}/"
    html = browse(root).get(f"{path}change/").text
    assert "tabby" in html and "37.56" not in html and "126.97" not in html
    assert browse(root).post(f"{path}delete/", {"post": "yes"}).status_code == 403
