from django.urls import path

from classifier import views

app_name = "classifier"

urlpatterns = [
    path("pictures/jobs/<uuid:pk>/", views.result, name="result"),
]
