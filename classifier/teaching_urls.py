"""The addresses of teaching, taken in by urls.py."""

from django.urls import path

from classifier.api import teaching as api
from classifier.api.teaching import ClassifierViewSet
from classifier.views import teaching as views

__all__ = ["ClassifierViewSet", "api_patterns", "urlpatterns"]

OF, VERSION = "classifiers/<uuid:pk>/", "versions/<int:version>/"

api_patterns = [
    path(f"{OF}examples/", api.ExamplesView.as_view(), name="api-examples"),
    path(f"{OF}examples/<uuid:example>/", api.ExampleView.as_view(), name="api-example"),
    path(
        f"{OF}examples/<uuid:example>/picture/", api.ExamplePictureView.as_view(), name="api-example-picture"
    ),
    path(f"{OF}train/", api.TrainView.as_view(), name="api-train"),
    path(f"{OF}trainings/<uuid:training>/", api.TrainingView.as_view(), name="api-training"),
    path(f"{OF}activate/", api.ActivateView.as_view(), name="api-activate"),
    path(f"{OF}rollback/", api.RollBackView.as_view(), name="api-rollback"),
    path(f"{OF}{VERSION}<str:name>", api.VersionFileView.as_view(), name="api-version-file"),
]

urlpatterns = [
    path("classifiers/", views.classifiers, name="classifiers"),
    path(OF, views.classifier, name="classifier"),
    path(f"{OF}add/", views.add, name="add_examples"),
    path(f"{OF}change/", views.change, name="change_examples"),
    path(f"{OF}classes/<int:label>/", views.label, name="label"),
    path(f"{OF}classes/<int:label>/change/", views.change_label, name="change_label"),
    path(f"{OF}pictures/<uuid:example>", views.example, name="example"),
    path(f"{OF}train/", views.train, name="train"),
    path(f"{OF}trainings/<uuid:training>/", views.training, name="training"),
    path(f"{OF}{VERSION}activate/", views.activate, name="activate"),
    path(f"{OF}{VERSION}<str:name>", views.download, name="download"),
    path(f"{OF}rollback/", views.roll_back, name="roll_back"),
    path(f"{OF}share/", views.share, name="share_classifier"),
    path(f"{OF}rename/", views.rename, name="rename_classifier"),
    path(f"{OF}delete/", views.delete, name="delete_classifier"),
]
