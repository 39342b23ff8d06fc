from django.urls import include, path
from rest_framework.routers import SimpleRouter

from registry import api, views

app_name = "registry"

router = SimpleRouter()
router.register("models", api.ModelViewSet, basename="api")

urlpatterns = [
    path("models/", views.models, name="models"),
    path("models/<int:pk>/", views.model, name="model"),
    path("models/trainings/<int:pk>/", views.training, name="training"),
    path("models/trainings/<int:pk>/curves/", views.curves, name="curves"),
    path("api/", include(router.urls)),
]
