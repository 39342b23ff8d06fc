from django.urls import include, path
from rest_framework.routers import SimpleRouter

from dataexport import views
from dataexport.api import ExportFileView, ExportViewSet

app_name = "dataexport"

router = SimpleRouter()
router.register("exports", ExportViewSet, basename="api")

urlpatterns = [
    path("account/export/", views.export, name="export"),
    path("account/export/<uuid:pk>/file/", views.download, name="download"),
    path("account/export/of/<uuid:pk>/", views.result, name="result"),
    path("api/exports/<uuid:pk>/file/", ExportFileView.as_view(), name="api-file"),
    path("api/", include(router.urls)),
]
