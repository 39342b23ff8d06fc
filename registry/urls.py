from django.urls import include, path
from rest_framework.routers import SimpleRouter

from registry.api import downloads as downloads_api
from registry.api import networks as api
from registry.api import shadows as shadows_api
from registry.api import trainings as trainings_api
from registry.views import downloads
from registry.views import networks as views
from registry.views import shadows as shadow_views
from registry.views import trainings as training_views

app_name = "registry"

router = SimpleRouter()
router.register("models", api.ModelViewSet, basename="api")
router.register("trainings", trainings_api.TrainingViewSet, basename="api-training")

api_patterns = [
    path("models/log/", api.LogView.as_view(), name="api-log"),
    path("models/packaged/", downloads_api.PackagedNetworksView.as_view(), name="api-packaged"),
    path(
        "models/packaged/<slug:key>/weights.zip",
        downloads_api.PackagedWeightsView.as_view(),
        name="api-packaged-weights",
    ),
    path("models/<int:pk>/weights.zip", downloads_api.WeightsView.as_view(), name="api-weights"),
    path("models/uploads/<int:pk>/", api.UploadView.as_view(), name="api-upload"),
    path("models/<int:pk>/measurement/", api.MeasurementView.as_view(), name="api-measurement"),
    path("models/<int:pk>/shadow/", shadows_api.ShadowView.as_view(), name="api-shadow"),
    path("models/<int:pk>/canary/", shadows_api.CanaryView.as_view(), name="api-canary"),
    path("models/disagreements/<int:pk>/", shadows_api.DisagreementView.as_view(), name="api-disagreement"),
    path(
        "models/disagreements/<int:pk>/crop.png", shadows_api.DisagreementCropView.as_view(), name="api-crop"
    ),
    path("models/<str:kind>/rollback/", api.RollBackView.as_view(), name="api-rollback"),
    path("", include(router.urls)),
]

urlpatterns = [
    path("models/", views.models, name="models"),
    path("models/<int:pk>/", views.model, name="model"),
    path("models/<int:pk>/weights.zip", downloads.weights, name="weights"),
    path("models/packaged/<slug:key>/weights.zip", downloads.packaged_weights, name="packaged_weights"),
    path("models/<int:pk>/activate/", views.activate, name="activate"),
    path("models/<int:pk>/measure/", views.measure, name="measure"),
    path("models/<int:pk>/archive/", views.archive, name="archive"),
    path("models/<int:pk>/shadow/", shadow_views.begin_shadow, name="begin_shadow"),
    path("models/<int:pk>/canary/", shadow_views.begin_canary, name="begin_canary"),
    path("models/<int:pk>/shadow/end/", shadow_views.end_shadow, name="end_shadow"),
    path("models/disagreements/<int:pk>/", shadow_views.judge, name="judge"),
    path("models/<str:kind>/rollback/", views.roll_back, name="roll_back"),
    path("models/log/", views.log, name="log"),
    path("models/upload/", views.upload, name="upload"),
    path("models/uploads/<int:pk>/", views.uploaded, name="uploaded"),
    path("models/jobs/<uuid:pk>/", views.result, name="result"),
    path("models/train/", training_views.train, name="train"),
    path("models/trainings/compare/", training_views.compare, name="compare"),
    path("models/trainings/<int:pk>/", training_views.training, name="training"),
    path("models/trainings/<int:pk>/curves/", training_views.curves, name="curves"),
    path("models/trainings/<int:pk>/stop/", training_views.stop, name="stop"),
    path("models/trainings/<int:pk>/go-on/", training_views.go_on, name="go_on"),
    path("api/", include(api_patterns)),
]
