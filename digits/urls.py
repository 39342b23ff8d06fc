from django.urls import include, path
from rest_framework.routers import SimpleRouter

from digits import api, tutorial, views

app_name = "digits"

router = SimpleRouter()
router.register("digits", api.ReadingViewSet, basename="api")

api_patterns = [
    path("digits/<uuid:pk>/share/", api.ReadingShareView.as_view(), name="api-share"),
    path("digits/<uuid:pk>/picture/", api.PictureView.as_view(), name="api-picture"),
    path("digits/<uuid:pk>/frames/<int:place>.png", api.FrameView.as_view(), name="api-frame"),
    path("digits/<uuid:pk>/layers/", api.LayersView.as_view(), name="api-layers"),
    path("digits/<uuid:pk>/layers/<str:name>/", api.LayerView.as_view(), name="api-layer"),
    path("", include(router.urls)),
]

urlpatterns = [
    path("digits/", views.digits, name="digits"),
    path("digits/history/", views.history, name="history"),
    path("digits/<uuid:pk>/", views.reading, name="reading"),
    path("digits/<uuid:pk>/layers", views.layers, name="layers"),
    path("digits/<uuid:pk>/picture", views.picture, name="picture"),
    path("digits/<uuid:pk>/frames/<int:place>.png", views.frame, name="frame"),
    path("digits/<uuid:pk>/heat/<int:place>.png", views.heat, name="heat"),
    path("digits/<uuid:pk>/correct/", views.correct, name="correct"),
    path("digits/<uuid:pk>/delete/", views.delete, name="delete"),
    path("digits/<uuid:pk>/share/", views.share_reading, name="share"),
    path("digits/shared/<uuid:share_key>/", views.shared, name="shared"),
    path("digits/shared/<uuid:share_key>/picture", views.shared_picture, name="shared_picture"),
    path("digits/shared/<uuid:share_key>/frames/<int:place>.png", views.shared_frame, name="shared_frame"),
    path("upload", tutorial.NumbersView.as_view(), name="upload"),
    path("upload2", tutorial.FileView.as_view(), name="upload2"),
    path("digits/jobs/<uuid:pk>/", views.result, name="result"),
    path("api/", include(api_patterns)),
]
