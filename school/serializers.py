"""What goes over the wire of classes, and of tables of students."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from jobs.serializers import JobSerializer
from school.choices import LONGEST, parsed_columns
from school.models import ClassUpload, Enrollment, SchoolClass
from school.roster.rows import MOST_ROWS, Choice
from web.api import idempotency_key, validate
from web.forms import FIRST_YEAR, LAST_YEAR
from web.middleware import LARGEST_ID
from web.refusals import refusals
from web.serializers import LinkedSerializer

COLUMNS_HELP = (
    "Which column is what, counted from 0: number, or grade, class and seat; name, or first and last. "
    "Those of the header where nothing is said."
)


class ListQuery(serializers.Serializer):
    """How a table is to be read; what is left out is found."""

    preview = serializers.BooleanField(default=False, help_text="Only say what would be taken over.")
    skip_refused = serializers.BooleanField(
        default=False,
        help_text="Leave out rows that are refused; otherwise one of them keeps all from being stored.",
    )
    sheet = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=LONGEST,
        help_text="The name of the sheet; * for all as one list.",
    )
    header = serializers.BooleanField(
        default=None, allow_null=True, help_text="Whether a row names the columns."
    )
    columns = serializers.CharField(default="", allow_blank=True, max_length=1000, help_text=COLUMNS_HELP)
    grade = serializers.RegexField(
        r"^[0-9]{0,2}$", default="", allow_blank=True, help_text="Of all, where the table does not say it."
    )
    class_name = serializers.RegexField(
        r"^[0-9]{0,2}$", default="", allow_blank=True, help_text="Of all, where the table does not say it."
    )


# Of every row that stands for a table
LIST_FIELDS = [
    "is_preview",
    "file_name",
    "sheets",
    "found",
    "columns",
    "rows",
    "problems",
    "remarks",
    "changes",
    "count",
]


class ListRemarks(serializers.Serializer):
    """What was said of a table, in the language of who asks."""

    problems = serializers.ListField(source="problems_text", child=serializers.CharField(), read_only=True)
    remarks = serializers.ListField(source="remarks_text", child=serializers.CharField(), read_only=True)


def choice_in(query: dict) -> Choice:
    """Raises ValidationError where the columns cannot be understood."""
    return Choice(
        sheet=query["sheet"],
        has_header=query["header"],
        columns=parsed_columns(query["columns"]),
        grade=query["grade"],
        class_name=query["class_name"],
    )


def sent_list(request: Request) -> dict[str, Any]:
    """What a service that takes a table is told of the request that brought it. Raises ValidationError."""
    wanted = validate(ListQuery, request.query_params)
    with refusals("columns"):
        choice = choice_in(wanted)
    return {
        "file": request.FILES.get("file"),
        "owner": request.user,
        "choice": choice,
        "key": idempotency_key(request),
        "is_preview": wanted["preview"],
        "skips_refused": wanted["skip_refused"],
    }


class ClassSerializer(serializers.ModelSerializer):
    """`year` is the one in which its school year begins; `code` lets its students find themselves, null lets nobody."""

    student_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = SchoolClass
        fields = ["id", "name", "year", "needs_consent", "is_archived", "code", "student_count", "created_at"]
        read_only_fields = ["code", "created_at"]
        extra_kwargs = {"year": {"required": False, "min_value": FIRST_YEAR, "max_value": LAST_YEAR}}

    def to_representation(self, school_class: SchoolClass) -> dict[str, Any]:
        """Whoever has the code may say that they are anyone on the list."""
        shown = super().to_representation(school_class)
        is_own = school_class.owner_id == self.context["request"].user.pk
        return shown if is_own else shown | {"code": None}


class EnrollmentSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="student.name", max_length=100, allow_blank=True)
    username = serializers.CharField(
        source="student.account.username", default=None, read_only=True, allow_null=True
    )

    class Meta:
        model = Enrollment
        fields = ["id", "number", "name", "username"]


class StudentsSerializer(serializers.Serializer):
    class Row(serializers.Serializer):
        number = serializers.CharField(max_length=20)
        name = serializers.CharField(max_length=100, allow_blank=True, default="")

    students = serializers.ListField(child=Row(), max_length=MOST_ROWS)


class NewStudentSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=100, allow_blank=True, default="")


class ChangedStudentSerializer(serializers.Serializer):
    """`class` is another one of yours, into which the student moves."""

    number = serializers.CharField(max_length=20, required=False)
    name = serializers.CharField(max_length=100, allow_blank=True, required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {
            "class": serializers.IntegerField(required=False, max_value=LARGEST_ID)
        }


class ClassUploadSerializer(ListRemarks, LinkedSerializer):
    """What a table of students came to; empty until its job has ended. `rows` are those of a preview, `columns` the
    names of the columns."""

    url = serializers.SerializerMethodField()
    job = JobSerializer(read_only=True)

    class Meta:
        model = ClassUpload
        fields = ["id", "url", *LIST_FIELDS, "job"]

    def get_url(self, upload: ClassUpload) -> str:
        return self.link("school:api-list", upload.school_class_id, upload.pk)


class WholeQuery(ListQuery):
    is_whole = serializers.BooleanField(
        default=False, help_text="Who is not on the list leaves the class, into the trash."
    )
