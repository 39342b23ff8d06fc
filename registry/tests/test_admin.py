import pytest

from registry.models import Change, ModelVersion
from registry.services import activate_new
from registry.tests.weights import as_measured

pytestmark = pytest.mark.django_db
LIST = "/admin/registry/modelversion/"


def act(client, action: str, version: ModelVersion):
    return client.post(LIST, {"action": action, "_selected_action": [version.pk]}, follow=True)


def test_an_admin_activates_and_archives_from_the_list(browse, root):
    live, other = ModelVersion.objects.active("digits"), ModelVersion.objects.get(name="digits_dense")
    as_measured(live, other)
    act(browse(root), "activate", other)
    change = Change.objects.first()
    assert (change.before, change.after, change.by) == (live, other, root)
    assert "Activate another one first" in act(browse(root), "archive", other).text
    act(browse(root), "archive", live)
    assert ModelVersion.objects.get(pk=live.pk).state == "retired"


def test_what_people_taught_is_not_in_the_list(browse, root, alice):
    taught = activate_new(card={"sha256": "c" * 64, "kind": "classifier-7", "name": "taught"}, by=alice)
    other = activate_new(card={"sha256": "d" * 64, "kind": "classifier-7", "name": "taught"}, by=alice)
    assert f"{LIST}{taught.pk}/" not in browse(root).get(LIST).text
    act(browse(root), "activate", taught)
    assert ModelVersion.objects.active("classifier-7") == other


def test_the_log_is_looked_at_and_not_touched(browse, root):
    change = Change.objects.first()
    assert "It came with this site." in browse(root).get("/admin/registry/change/").text
    for path in ("add/", f"{change.pk}/delete/"):
        assert browse(root).get(f"/admin/registry/change/{path}").status_code == 403
