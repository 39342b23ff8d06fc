from django.urls import include, path
from rest_framework.routers import SimpleRouter

from grading.api import exams as api
from grading.api import keys as key_api
from grading.api import pages as page_api
from grading.api import papers as paper_api
from grading.api import releases as release_api
from grading.api import removals as removal_api
from grading.api import reports as report_api
from grading.api import review as review_api
from grading.api import rosters as roster_api
from grading.api import templates as template_api
from grading.api import transfer as transfer_api
from grading.api import years as year_api
from grading.views import archive as archive_views
from grading.views import camera as camera_views
from grading.views import exams as views
from grading.views import keys as key_views
from grading.views import live_sheets as live_views
from grading.views import overview as overview_views
from grading.views import pages as page_views
from grading.views import papers as paper_views
from grading.views import placing as placing_views
from grading.views import releases as release_views
from grading.views import removals as removal_views
from grading.views import results as result_views
from grading.views import review as review_views
from grading.views import rosters as roster_views
from grading.views import shared as shared_views
from grading.views import templates as template_views
from grading.views import transfer as transfer_views
from grading.views import years as year_views

app_name = "grading"

router = SimpleRouter()
router.register("exams", api.ExamViewSet, basename="api-exam")
router.register("scans", api.ScanViewSet, basename="api-scan")
router.register("papers", paper_api.PaperViewSet, basename="api-paper")

api_patterns = [
    path("templates/", template_api.TemplatesView.as_view(), name="api-templates"),
    path("exams/import/", transfer_api.ImportsView.as_view(), name="api-imports"),
    path("exams/imports/<int:pk>/", transfer_api.ImportView.as_view(), name="api-import"),
    path("exams/<int:pk>/export/", transfer_api.ExportView.as_view(), name="api-export"),
    path("exams/<int:pk>/template/", template_api.TemplateView.as_view(), name="api-template"),
    path("exams/<int:pk>/roster/", roster_api.RosterView.as_view(), name="api-roster"),
    path(
        "exams/<int:pk>/roster/<int:upload>/", roster_api.RosterUploadView.as_view(), name="api-roster-upload"
    ),
    path("exams/<int:pk>/students/", roster_api.CandidatesView.as_view(), name="api-candidates"),
    path(
        "exams/<int:pk>/students/<int:candidate>/",
        roster_api.CandidateView.as_view(),
        name="api-candidate",
    ),
    path("exams/<int:pk>/key/", key_api.KeyView.as_view(), name="api-key"),
    path("exams/<int:pk>/orders/", key_api.OrdersView.as_view(), name="api-orders"),
    path("exams/<int:pk>/layout/", api.LayoutView.as_view(), name="api-layout"),
    path("exams/<int:pk>/sheet.pdf", api.SheetView.as_view(), name="api-sheet"),
    path("exams/<int:pk>/scans/", api.ScansView.as_view(), name="api-scans"),
    path("scans/<int:pk>/pages/<int:page>/", page_api.PageView.as_view(), name="api-page"),
    path("scans/<int:pk>/pages/<int:page>/assign/", page_api.AssignView.as_view(), name="api-assign"),
    path("scans/<int:pk>/pages/<int:page>.jpg", page_api.PictureView.as_view(), name="api-picture"),
    path("scans/<int:pk>/pages/<int:page>/small.jpg", page_api.SmallPictureView.as_view(), name="api-small"),
    path("scans/<int:pk>/restore/", removal_api.RestoreScanView.as_view(), name="api-restore-scan"),
    path("scans/<int:pk>/read-again/", removal_api.ReadAgainView.as_view(), name="api-read-again"),
    path("papers/<int:pk>/restore/", removal_api.RestorePaperView.as_view(), name="api-restore-paper"),
    path(
        "papers/<int:pk>/corrections/<int:correction>/undo/",
        removal_api.UndoView.as_view(),
        name="api-undo",
    ),
    path("exams/<int:pk>/papers/", paper_api.PapersView.as_view(), name="api-papers"),
    path("exams/<int:pk>/review/", api.ReviewView.as_view(), name="api-review"),
    path("exams/<int:pk>/answers/", review_api.AnswersView.as_view(), name="api-answers"),
    path("exams/<int:pk>/items/<int:number>/rubric/", review_api.RubricView.as_view(), name="api-rubric"),
    path("exams/<int:pk>/corrections/undo/", review_api.UndoView.as_view(), name="api-undo-together"),
    path("exams/<int:pk>/results.json", api.ResultsView.as_view(), {"kind": "json"}, name="api-results-json"),
    path("exams/<int:pk>/results.csv", api.ResultsView.as_view(), {"kind": "csv"}, name="api-results-csv"),
    path("exams/<int:pk>/results.xlsx", api.ResultsView.as_view(), {"kind": "xlsx"}, name="api-results-xlsx"),
    path("exams/<int:pk>/matrix/", api.MatrixView.as_view(), name="api-matrix"),
    path(
        "exams/<int:pk>/moodle.csv",
        report_api.GradebookView.as_view(),
        {"kind": "moodle"},
        name="api-moodle",
    ),
    path(
        "exams/<int:pk>/canvas.csv",
        report_api.GradebookView.as_view(),
        {"kind": "canvas"},
        name="api-canvas",
    ),
    path("exams/<int:pk>/release/", release_api.ReleaseView.as_view(), name="api-release"),
    path("exams/<int:pk>/links.csv", release_api.LinksView.as_view(), name="api-links"),
    path("exams/<int:pk>/regrade-requests/", release_api.RegradeRequestsView.as_view(), name="api-requests"),
    path("regrade-requests/<int:pk>/", release_api.RegradeRequestView.as_view(), name="api-request"),
    path("my-results/", release_api.OwnResultsView.as_view(), name="api-my-results"),
    path("shared-results/<str:token>/", release_api.SharedResultView.as_view(), name="api-shared"),
    path("shared-results/<str:token>/requests/", release_api.AskView.as_view(), name="api-ask"),
    path("exams/<int:pk>/report.pdf", report_api.ReportView.as_view(), name="api-report"),
    path("papers/<int:pk>/report.pdf", report_api.PaperReportView.as_view(), name="api-paper-report"),
    path("exams/<int:pk>/overlay.pdf", report_api.OverlaysView.as_view(), name="api-overlays"),
    path("papers/<int:pk>/overlay.pdf", report_api.PaperOverlayView.as_view(), name="api-paper-overlay"),
    path("exams/<int:pk>/statistics/", api.StatisticsView.as_view(), name="api-statistics"),
    path("exams/<int:pk>/duplicate/", api.DuplicateView.as_view(), name="api-duplicate"),
    path("exams/<int:pk>/copy/", api.DuplicateView.as_view(), name="api-copy"),  # by its other name
    path("exams/<int:pk>/regrade/", key_api.RegradeView.as_view(), name="api-regrade"),
    path("papers/<int:pk>/answers/<int:number>/", paper_api.AnswerView.as_view(), name="api-answer"),
    path(
        "papers/<int:pk>/answers/<int:number>/crop.jpg", paper_api.AnswerCropView.as_view(), name="api-crop"
    ),
    path(
        "papers/<int:pk>/answers/<int:number>/evidence/",
        paper_api.EvidenceView.as_view(),
        name="api-evidence",
    ),
    path(
        "papers/<int:pk>/student/evidence/",
        paper_api.StudentEvidenceView.as_view(),
        name="api-student-evidence",
    ),
    path("papers/<int:pk>/student.jpg", paper_api.StudentCropView.as_view(), name="api-student-crop"),
    path("papers/<int:pk>/pages/<int:page>.jpg", paper_api.ImageView.as_view(), name="api-image"),
    path("papers/<int:pk>/pages/<int:page>/overlay.jpg", paper_api.OverlayView.as_view(), name="api-overlay"),
    path("classes/<int:pk>/results/", year_api.ClassYearView.as_view(), name="api-class-year"),
    path(
        "classes/<int:pk>/students/<int:enrollment>/results/",
        year_api.StudentYearView.as_view(),
        name="api-student-year",
    ),
    path("", include(router.urls)),
]

urlpatterns = [
    path("exams/", views.exams, name="exams"),
    path("exams/new/", views.new_exam, name="new"),
    path("exams/new/live-sheet/", live_views.new_sheet, name="live_new"),
    path("exams/new/template/", template_views.new_template, name="new_template"),
    path("exams/new/picture/", template_views.new_picture, name="new_picture"),
    path("exams/import/", transfer_views.import_exam, name="import"),
    path("exams/imports/<int:pk>/", transfer_views.imported, name="imported"),
    path("exams/<int:pk>/", overview_views.exam, name="exam"),
    path("exams/<int:pk>/key/", key_views.key, name="key"),
    path("exams/<int:pk>/orders/", key_views.orders, name="orders"),
    path("exams/<int:pk>/template/", template_views.template, name="template"),
    path("exams/<int:pk>/template/sheet/", template_views.show_sheet, name="show_sheet"),
    path("exams/<int:pk>/template/sheet.jpg", template_views.shown_sheet, name="shown_sheet"),
    path("exams/<int:pk>/duplicate/", overview_views.duplicate, name="duplicate"),
    path("exams/<int:pk>/rename/", archive_views.rename, name="rename"),
    path("exams/<int:pk>/archive/", archive_views.put_aside, name="archive"),
    path("exams/<int:pk>/unarchive/", archive_views.take_back, name="unarchive"),
    path("exams/<int:pk>/delete/", overview_views.delete_exam, name="delete"),
    path("exams/<int:pk>/design/", views.design, name="design"),
    path("exams/<int:pk>/design/live-sheet/", live_views.design_sheet, name="live_design"),
    path("exams/<int:pk>/key/live-sheet/", live_views.key_sheet, name="live_key"),
    path("exams/<int:pk>/sheet/", roster_views.sheet, name="sheet"),
    path("exams/<int:pk>/sheet/<int:page>.png", views.preview, name="preview"),
    path("exams/<int:pk>/roster/", roster_views.roster, name="roster"),
    path("exams/<int:pk>/roster/<int:upload>/", roster_views.roster_preview, name="roster_preview"),
    path("exams/<int:pk>/students/", roster_views.add_candidate, name="add_candidate"),
    path("exams/<int:pk>/students/<int:candidate>/", roster_views.candidate, name="candidate"),
    path(
        "exams/<int:pk>/students/<int:candidate>/remove/",
        roster_views.remove_candidate,
        name="remove_candidate",
    ),
    path("exams/<int:pk>/students/states/", roster_views.states, name="states"),
    path("exams/<int:pk>/classes/", roster_views.take_classes, name="take_classes"),
    path("exams/<int:pk>/camera/", camera_views.camera, name="camera"),
    path("exams/<int:pk>/camera/<int:scan>/", camera_views.taken, name="taken"),
    path("exams/<int:pk>/scans/", views.scans, name="scans"),
    path("exams/<int:pk>/scans/<int:scan>/", views.scan, name="scan"),
    path("exams/<int:pk>/scans/<int:scan>/delete/", removal_views.remove_scan, name="remove_scan"),
    path("exams/<int:pk>/scans/<int:scan>/read-again/", removal_views.read_again, name="read_again"),
    path("exams/<int:pk>/papers/<int:paper>/delete/", removal_views.remove_paper, name="remove_paper"),
    path("exams/<int:pk>/pages/<int:page>/", page_views.page, name="page"),
    path("exams/<int:pk>/pages/<int:page>/keep/", views.keep_page, name="keep_page"),
    path("exams/<int:pk>/scans/waiting/", placing_views.waiting, name="waiting"),
    path("exams/<int:pk>/pages/<int:page>/take-back/", placing_views.take_back, name="take_back_page"),
    path("exams/<int:pk>/pages/<int:page>/discard/", page_views.discard_page, name="discard_page"),
    path("exams/<int:pk>/papers/", paper_views.papers, name="papers"),
    path("exams/<int:pk>/papers/<int:paper>/", paper_views.paper, name="paper"),
    path(
        "exams/<int:pk>/papers/<int:paper>/answers/<int:number>/",
        paper_views.correct_answer,
        name="correct_answer",
    ),
    path(
        "exams/<int:pk>/papers/<int:paper>/answers/<int:number>/evidence/",
        paper_views.answer_evidence,
        name="evidence",
    ),
    path(
        "exams/<int:pk>/papers/<int:paper>/student/evidence/",
        paper_views.student_evidence,
        name="student_evidence",
    ),
    path(
        "exams/<int:pk>/papers/<int:paper>/corrections/<int:correction>/undo/",
        paper_views.undo,
        name="undo",
    ),
    path("exams/<int:pk>/papers/<int:paper>/student/", paper_views.correct_student, name="correct_student"),
    path("exams/<int:pk>/papers/<int:paper>/version/", paper_views.version, name="correct_version"),
    path("exams/<int:pk>/papers/<int:paper>/accept/", paper_views.accept, name="accept"),
    path("exams/<int:pk>/review/", review_views.review, name="review"),
    path("exams/<int:pk>/items/<int:number>/rubric/", review_views.rubric, name="rubric"),
    path("exams/<int:pk>/results/", views.results, name="results"),
    path("exams/<int:pk>/grades/", views.grades, name="grades"),
    path("exams/<int:pk>/table/", result_views.paste_table, name="paste_table"),
    path("exams/<int:pk>/release/", release_views.release, name="release"),
    path("exams/<int:pk>/release/give-out/", release_views.give_out, name="give_out"),
    path("exams/<int:pk>/release/take-back/", release_views.take_back, name="take_back"),
    path("exams/<int:pk>/release/links.csv", release_views.links, name="links"),
    path("exams/<int:pk>/requests/", release_views.requests, name="requests"),
    path("exams/<int:pk>/requests/<int:asked>/", release_views.answer_request, name="answer_request"),
    path("my-results/", shared_views.my_results, name="my_results"),
    path("r/<str:token>/", shared_views.shared, name="shared"),
    path("r/<str:token>/ask/", shared_views.ask, name="ask"),
    path("r/<str:token>/paper.pdf", shared_views.shared_paper, name="shared_paper"),
    path("r/<str:token>/<int:page>.jpg", shared_views.shared_page, name="shared_page"),
    path("exams/<int:pk>/statistics/", views.statistics, name="statistics"),
    path("exams/<int:pk>/matrix/", views.matrix, name="matrix"),
    path("exams/<int:pk>/regrade/", views.regrade, name="regrade"),
    path("classes/<int:pk>/results/", year_views.class_year, name="class_year"),
    path("classes/<int:pk>/students/<int:enrollment>/results/", year_views.student_year, name="student_year"),
    path("exams/jobs/<uuid:pk>/", views.result, name="result"),
    path("api/", include(api_patterns)),
]
