from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from classifier import teaching_urls
from classifier.api import pictures as api
from classifier.views import albums
from classifier.views import pictures as views

app_name = "classifier"

router = SimpleRouter()
router.register("pictures", api.PictureViewSet, basename="api")
router.register("albums", api.AlbumViewSet, basename="api-album")
router.register("classifiers", teaching_urls.ClassifierViewSet, basename="api-classifier")

api_patterns = [
    path("pictures/<uuid:pk>/share/", api.ShareView.as_view(), name="api-share"),
    path("pictures/<uuid:pk>/picture/", api.FileView.as_view(), name="api-picture"),
    path("pictures/<uuid:pk>/saliency/", api.SaliencyView.as_view(), name="api-saliency"),
    re_path(
        r"^albums/(?P<pk>[0-9a-f-]{36})/table\.(?P<kind>csv|xlsx)$", api.TableView.as_view(), name="api-table"
    ),
    *teaching_urls.api_patterns,
    path("", include(router.urls)),
]

urlpatterns = [
    path("pictures/", views.pictures, name="pictures"),
    path("pictures/history/", views.history, name="history"),
    path("pictures/albums/<uuid:pk>/", albums.album, name="album"),
    path("pictures/albums/<uuid:pk>/delete/", albums.delete, name="delete_album"),
    path("pictures/<uuid:pk>/", views.picture, name="picture"),
    path("pictures/<uuid:pk>/picture", views.image, name="image"),
    path("pictures/<uuid:pk>/saliency", views.saliency, name="saliency"),
    path("pictures/<uuid:pk>/correct/", views.correct, name="correct"),
    path("pictures/<uuid:pk>/delete/", views.delete, name="delete"),
    path("pictures/<uuid:pk>/share/", views.share_picture, name="share"),
    path("pictures/shared/<uuid:share_key>/", views.shared, name="shared"),
    path("pictures/shared/<uuid:share_key>/picture", views.shared_image, name="shared_image"),
    path("pictures/shared/<uuid:share_key>/saliency", views.shared_saliency, name="shared_saliency"),
    path("pictures/jobs/<uuid:pk>/", views.result, name="result"),
    *teaching_urls.urlpatterns,
    path("api/", include(api_patterns)),
]
