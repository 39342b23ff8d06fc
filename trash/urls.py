from django.urls import include, path
from rest_framework.routers import SimpleRouter

from trash import views
from trash.api import TrashViewSet

app_name = "trash"

router = SimpleRouter()
router.register("trash", TrashViewSet, basename="api")

urlpatterns = [
    path("trash/", views.trash, name="trash"),
    path("trash/empty/", views.empty, name="empty"),
    path("trash/<uuid:pk>/restore/", views.restore, name="restore"),
    path("trash/<uuid:pk>/purge/", views.purge, name="purge"),
    path("account/delete/", views.delete_account, name="delete_account"),
    path("settings/people/<int:pk>/delete/", views.delete_someone, name="delete_person"),
    path("api/", include(router.urls)),
]
