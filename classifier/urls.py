from django.urls import include, path, re_path
from django.urls.converters import UUIDConverter
from rest_framework.routers import SimpleRouter

from classifier.api import pictures as api
from classifier.api import teaching as teaching_api
from classifier.views import albums, teaching
from classifier.views import pictures as views

app_name = "classifier"

OF, VERSION = "classifiers/<uuid:pk>/", "versions/<int:version>/"

router = SimpleRouter()
router.register("pictures", api.PictureViewSet, basename="api")
router.register("albums", api.AlbumViewSet, basename="api-album")
router.register("classifiers", teaching_api.ClassifierViewSet, basename="api-classifier")

teaching_api_patterns = [
    path("pictures/corrections/", api.CorrectionsView.as_view(), name="api-corrections"),
    path(f"{OF}export/", teaching_api.ClassifierExportView.as_view(), name="api-export"),
    path(f"{OF}examples/", teaching_api.ExamplesView.as_view(), name="api-examples"),
    path(f"{OF}examples/<uuid:example>/", teaching_api.ExampleView.as_view(), name="api-example"),
    path(
        f"{OF}examples/<uuid:example>/picture/",
        teaching_api.ExamplePictureView.as_view(),
        name="api-example-picture",
    ),
    path(f"{OF}train/", teaching_api.TrainView.as_view(), name="api-train"),
    path(f"{OF}trainings/<uuid:training>/", teaching_api.TrainingView.as_view(), name="api-training"),
    path(f"{OF}activate/", teaching_api.ActivateView.as_view(), name="api-activate"),
    path(f"{OF}rollback/", teaching_api.ClassifierRollBackView.as_view(), name="api-rollback"),
    path(f"{OF}{VERSION}<str:name>", teaching_api.VersionFileView.as_view(), name="api-version-file"),
]

api_patterns = [
    path("pictures/<uuid:pk>/share/", api.PictureShareView.as_view(), name="api-share"),
    path("pictures/<uuid:pk>/picture/", api.FileView.as_view(), name="api-picture"),
    path("pictures/<uuid:pk>/saliency/", api.SaliencyView.as_view(), name="api-saliency"),
    re_path(
        rf"^albums/(?P<pk>{UUIDConverter.regex})/table\.(?P<kind>csv|xlsx)$",
        api.TableView.as_view(),
        name="api-table",
    ),
    *teaching_api_patterns,
    path("", include(router.urls)),
]

teaching_patterns = [
    path("classifiers/", teaching.classifiers, name="classifiers"),
    path(OF, teaching.classifier, name="classifier"),
    path(f"{OF}add/", teaching.add, name="add_examples"),
    path(f"{OF}change/", teaching.change, name="change_examples"),
    path(f"{OF}classes/<int:label>/", teaching.label, name="label"),
    path(f"{OF}classes/<int:label>/change/", teaching.change_label, name="change_label"),
    path(f"{OF}pictures/<uuid:example>", teaching.example, name="example"),
    path(f"{OF}train/", teaching.train, name="train"),
    path(f"{OF}trainings/<uuid:training>/", teaching.training, name="training"),
    path(f"{OF}{VERSION}activate/", teaching.activate, name="activate"),
    path(f"{OF}{VERSION}<str:name>", teaching.download, name="download"),
    path(f"{OF}rollback/", teaching.roll_back, name="roll_back"),
    path(f"{OF}share/", teaching.share, name="share_classifier"),
    path(f"{OF}rename/", teaching.rename, name="rename_classifier"),
    path(f"{OF}delete/", teaching.delete, name="delete_classifier"),
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
    *teaching_patterns,
    path("api/", include(api_patterns)),
]
