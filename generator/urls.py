from django.urls import include, path
from rest_framework.routers import SimpleRouter

from generator import api, views

app_name = "generator"

router = SimpleRouter()
router.register("faces", api.OrderViewSet, basename="api")

api_patterns = [
    path("faces/settings/", api.SettingsView.as_view(), name="api-settings"),
    path("faces/delete/", api.DeletionView.as_view(), name="api-delete-chosen"),
    path("faces/<uuid:pk>/share/", api.OrderShareView.as_view(), name="api-share"),
    path("faces/<uuid:pk>/images/<int:place>.png", api.FaceView.as_view(), name="api-face"),
    path("faces/<uuid:pk>/grid.png", api.GridView.as_view(), name="api-grid"),
    path("faces/<uuid:pk>/film.webp", api.FilmView.as_view(), name="api-film"),
    path("faces/<uuid:pk>/faces.zip", api.ZipView.as_view(), name="api-zip"),
    path("faces/<uuid:pk>/photo/<str:part>/", api.PhotoView.as_view(), name="api-photo"),
    path("", include(router.urls)),
]

urlpatterns = [
    path("faces/", views.faces, name="faces"),
    path("faces/restore/", views.restore, name="restore"),
    path("faces/gallery/", views.gallery, name="gallery"),
    path("faces/gallery/delete/", views.delete_chosen, name="delete_chosen"),
    path("faces/compare/", views.compare, name="compare"),
    path("faces/download/", views.download, name="download"),
    path("faces/<uuid:pk>/", views.order, name="order"),
    path("faces/<uuid:pk>/progress/", views.progress, name="progress"),
    path("faces/<uuid:pk>/mark/", views.mark, name="mark"),
    path("faces/<uuid:pk>/photo/", views.photo, name="photo"),
    path("faces/<uuid:pk>/delete/", views.delete, name="delete"),
    path("faces/<uuid:pk>/share/", views.share_order, name="share"),
    path("faces/shared/<uuid:share_key>/", views.shared, name="shared"),
    path("faces/shared/<uuid:share_key>/images/<int:place>.png", views.shared_face, name="shared_face"),
    path("faces/shared/<uuid:share_key>/film.webp", views.shared_film, name="shared_film"),
    path("faces/jobs/<uuid:pk>/", views.result, name="result"),
    path("api/", include(api_patterns)),
]
