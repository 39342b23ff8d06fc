from django.urls import include, path
from rest_framework.routers import SimpleRouter

from school import api
from school.views import classes, joining, lists, students

app_name = "school"

router = SimpleRouter()
router.register("classes", api.ClassViewSet, basename="api-class")

urlpatterns = [
    path("join/", joining.join, name="join"),
    path("join/class/<str:code>/", joining.join_class, name="join_class"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<int:pk>/", classes.school_class, name="class"),
    path("classes/<int:pk>/change/", classes.change, name="change"),
    path("classes/<int:pk>/archive/", classes.archive, name="archive"),
    path("classes/<int:pk>/delete/", classes.delete, name="delete"),
    path("classes/<int:pk>/move-up/", classes.move_up, name="move_up"),
    path("classes/<int:pk>/paste/", lists.paste, name="paste"),
    path("classes/<int:pk>/upload/", lists.upload, name="upload"),
    path("classes/<int:pk>/lists/<int:upload>/", lists.preview, name="preview"),
    path("classes/<int:pk>/code/", classes.class_code, name="class_code"),
    path("classes/<int:pk>/cards/", classes.cards, name="cards"),
    path("classes/<int:pk>/consent/", classes.consent, name="consent"),
    path("classes/<int:pk>/students/<int:enrollment>/", students.student, name="student"),
    path("classes/<int:pk>/students/<int:enrollment>/remove/", students.remove, name="remove"),
    path("classes/<int:pk>/students/<int:enrollment>/move/", students.move, name="move"),
    path("classes/jobs/<uuid:pk>/", lists.result, name="result"),
    path("api/classes/<int:pk>/students/", api.StudentsView.as_view(), name="api-students"),
    path("api/classes/<int:pk>/students/<int:enrollment>/", api.StudentView.as_view(), name="api-student"),
    path("api/classes/<int:pk>/list/", api.ListView.as_view(), name="api-lists"),
    path("api/classes/<int:pk>/list/<int:upload>/", api.ListUploadView.as_view(), name="api-list"),
    path("api/", include(router.urls)),
]
