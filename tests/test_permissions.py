"""Who may open what: a row for every address of the site. A new route without a row fails.

Roles are asked in this order: no one, a member, another teacher, an admin (who has no exams here), the owner. A student
may what a member may; colleagues with whom something is shared are asked in test_grants.py.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role, Token, User
from classifier.models import Album, Classifier, Picture
from conftest import PASSWORD
from digits.models import Reading
from generator.models import Order
from grading.models import Exam
from school.models import SchoolClass
from tests.test_headers import missing_headers
from trash import services as trash

MEMBER = 1  # column
# no one, member, other teacher, admin, owner
EVERYONE = (200, 200, 200, 200, 200)
SIGNED_IN = (302, 200, 200, 200, 200)
OWN = (302, 404, 404, 404, 200)
LOOK = (302, 404, 404, 200, 200)  # admins may, which the log tells
OWN_ACT = (302, 404, 404, 404, 302)
TEACHERS = (302, 403, 200, 200, 200)
TEACHERS_OWN = (302, 403, 404, 404, 200)
TEACHERS_LOOK = (302, 403, 404, 200, 200)  # admins may, which the log tells
TEACHERS_ACT = (302, 403, 404, 404, 302)
ADMINS = (302, 403, 403, 200, 403)
ADMINS_ACT = (302, 403, 403, 302, 403)
API = (401, 200, 200, 200, 200)
API_OWN = (401, 404, 404, 404, 200)
API_LOOK = (401, 404, 404, 200, 200)
API_ADMINS = (401, 403, 403, 200, 403)
API_TEACHERS = (401, 403, 200, 200, 200)
API_TEACHERS_OWN = (401, 403, 404, 404, 200)
API_TEACHERS_LOOK = (401, 403, 404, 200, 200)


TABLE: dict[str, tuple[str, tuple, tuple[int, ...]]] = {
    "home": ("get", (), EVERYONE),
    "design": ("get", (), SIGNED_IN),
    "search": ("get", (), SIGNED_IN),
    "guide": ("get", ("grading",), EVERYONE),
    "trust": ("get", (), EVERYONE),
    "certificate": ("get", (), (404,) * 5),  # without TLS of its own a site has none: test_tls.py
    "set_language": ("post", (), (302,) * 5),
    "schema": ("get", (), EVERYONE),
    "docs": ("get", (), EVERYONE),
    "reference:index": ("get", (), EVERYONE),
    "reference:group": ("get", ("exams",), EVERYONE),
    "siteconfig:manifest": ("get", (), EVERYONE),
    "siteconfig:logo": ("get", (), (404,) * 5),  # there is none
    "administration:settings": ("get", (), SIGNED_IN),
    "administration:site": ("get", (), ADMINS),
    "administration:mail": ("get", (), ADMINS),
    "administration:storage": ("get", (), ADMINS),
    "administration:retention": ("get", (), ADMINS),
    "administration:health": ("get", (), ADMINS),
    "administration:privacy": ("get", (), EVERYONE),
    # who asks from this machine; jobs/tests/test_health.py asks from others
    "administration:metrics": ("get", (), EVERYONE),
    "administration:api-settings": ("get", (), API_ADMINS),
    "accounts:account": ("get", (), SIGNED_IN),
    "accounts:login": ("get", (), (200, 302, 302, 302, 302)),  # who is signed in goes on
    "accounts:code": ("get", (), (302,) * 5),  # who is between password and code: test_second_factor.py
    "accounts:oidc": ("get", (), (404,) * 5),  # no provider is configured: test_oidc.py has one
    "accounts:oidc_callback": ("get", (), (404,) * 5),
    "accounts:second_factor": ("get", (), SIGNED_IN),
    "accounts:remove_second_factor": ("post", (), SIGNED_IN),  # no password was sent
    "accounts:logout": ("post", (), (302,) * 5),
    "accounts:password": ("get", (), SIGNED_IN),
    "accounts:session": ("get", (), EVERYONE),
    "accounts:forgotten": ("get", (), EVERYONE),
    "accounts:use_code": ("get", ("NOSUCHCODE",), (404,) * 5),  # accounts/tests/test_joining.py has codes
    "accounts:register": ("get", (), (404,) * 5),  # the site is closed
    "accounts:people": ("get", (), ADMINS),
    "accounts:invite": ("get", (), ADMINS),
    "accounts:person": ("get", ("person",), ADMINS),
    "accounts:new_code": ("post", ("person",), ADMINS),
    "accounts:set_active": ("post", ("person",), ADMINS_ACT),
    "accounts:consent": ("post", ("person",), ADMINS_ACT),
    "accounts:reset_second_factor": ("post", ("person",), ADMINS_ACT),
    "accounts:sharing": ("get", ("grading.exam", "exam"), OWN),
    "accounts:unshare": ("post", ("grading.exam", "exam", "person"), OWN_ACT),
    "school:join": ("get", (), EVERYONE),
    "school:join_class": ("get", ("class_code",), EVERYONE),
    "school:classes": ("get", (), TEACHERS),
    "school:class": ("get", ("class",), TEACHERS_LOOK),
    "school:change": ("get", ("class",), TEACHERS_OWN),
    "school:archive": ("post", ("class",), TEACHERS_ACT),
    "school:delete": ("post", ("class",), TEACHERS_ACT),
    "school:move_up": ("post", ("class",), TEACHERS_OWN),  # no name was sent
    "school:paste": ("post", ("class",), TEACHERS_OWN),  # no list was sent
    "school:upload": ("post", ("class",), TEACHERS_ACT),
    "school:class_code": ("post", ("class",), TEACHERS_ACT),
    "school:cards": ("post", ("class",), TEACHERS_OWN),
    "school:consent": ("post", ("class",), TEACHERS_ACT),
    "school:student": ("get", ("class", "enrollment"), TEACHERS_OWN),
    "school:remove": ("post", ("class", "enrollment"), TEACHERS_ACT),
    "school:move": ("post", ("class", "enrollment"), TEACHERS_OWN),  # no class was named
    "school:preview": ("get", ("class", "list_preview"), TEACHERS_OWN),
    "school:result": ("get", ("list_job",), TEACHERS_ACT),
    "school:api-class-list": ("get", (), API_TEACHERS),
    "school:api-class-detail": ("get", ("class",), API_TEACHERS_OWN),
    "school:api-students": ("get", ("class",), API_TEACHERS_LOOK),
    "school:api-student": ("get", ("class", "enrollment"), API_TEACHERS_LOOK),
    "school:api-lists": ("put", ("class",), (401, 403, 404, 404, 400)),  # no file was sent
    "school:api-list": ("get", ("class", "list_preview"), API_TEACHERS_LOOK),
    "example:load": ("post", (), (302,) * 5),
    "example:remove": ("post", (), (302,) * 5),
    "example:result": ("get", ("example_job",), OWN_ACT),
    "example:api": ("get", (), (401, 404, 404, 404, 200)),  # who has none
    "accounts:create_token": ("post", (), SIGNED_IN),
    "accounts:delete_token": ("post", ("token",), OWN_ACT),
    "accounts:api_token": ("post", (), (400,) * 5),
    "accounts:api-token-list": ("get", (), API),
    "accounts:api-token-detail": ("get", ("token",), API_OWN),
    "jobs:healthz": ("get", (), EVERYONE),
    "jobs:readyz": ("get", (), (503,) * 5),  # no worker runs here
    "jobs:history": ("get", (), SIGNED_IN),
    "jobs:panel": ("get", (), SIGNED_IN),
    "jobs:cancel": ("post", ("job",), OWN_ACT),
    "jobs:retry": ("post", ("job",), OWN_ACT),
    "jobs:repeat": ("post", ("job",), OWN_ACT),
    "jobs:forget": ("post", (), (302,) * 5),
    "jobs:recall": ("post", ("job",), (302, 404, 404, 404, 404)),  # of no deletion
    "jobs:api-list": ("get", (), API),
    "jobs:api-ended": ("get", (), API),
    "jobs:api-detail": ("get", ("job",), API_OWN),
    "jobs:api-cancel": ("post", ("job",), API_OWN),
    "jobs:api-retry": ("post", ("job",), (401, 404, 404, 404, 409)),
    "audit:log": ("get", (), ADMINS),
    "audit:own_log": ("get", (), SIGNED_IN),
    "dataexport:export": ("get", (), SIGNED_IN),
    "dataexport:download": ("get", ("export",), OWN),
    "dataexport:result": ("get", ("export_job",), OWN_ACT),
    "dataexport:api-list": ("get", (), API),
    "dataexport:api-detail": ("get", ("export",), API_OWN),
    "dataexport:api-file": ("get", ("export",), API_OWN),
    "visitors:ask": ("post", ("digits",), (400,) * 5),  # no file was sent
    "visitors:answer": ("get", ("digits", "reading"), (404,) * 5),  # no visitor asked it: test_demos.py
    "visitors:picture": ("get", ("digits", "reading"), (404,) * 5),
    "trash:trash": ("get", (), SIGNED_IN),
    "trash:empty": ("post", (), (302,) * 5),
    "trash:restore": ("post", ("trashed",), OWN_ACT),
    "trash:purge": ("post", ("trashed",), OWN_ACT),
    "trash:delete_account": ("get", (), SIGNED_IN),
    "trash:delete_person": ("post", ("person",), ADMINS_ACT),
    "trash:api-list": ("get", (), API),
    "trash:api-detail": ("get", ("trashed",), API_OWN),
    "trash:api-restore": ("post", ("trashed",), (401, 404, 404, 404, 204)),
    "trash:api-empty": ("post", (), (401, 204, 204, 204, 204)),
    "grading:exams": ("get", (), TEACHERS),
    "grading:new": ("get", (), TEACHERS),
    "grading:live_new": ("post", (), TEACHERS),
    "grading:live_design": ("post", ("exam",), TEACHERS_OWN),
    "grading:live_key": ("post", ("exam",), TEACHERS_OWN),
    "grading:new_template": ("get", (), TEACHERS),
    "grading:new_picture": ("get", (), TEACHERS),
    "grading:import": ("get", (), TEACHERS),
    "grading:imported": ("get", ("exam_import",), TEACHERS_OWN),
    "grading:exam": ("get", ("exam",), TEACHERS_LOOK),
    "grading:rename": ("post", ("exam",), TEACHERS_ACT),
    "grading:archive": ("post", ("exam",), TEACHERS_ACT),
    "grading:unarchive": ("post", ("exam",), TEACHERS_ACT),
    "grading:orders": ("get", ("exam",), TEACHERS_OWN),
    "grading:key": ("get", ("exam",), TEACHERS_OWN),
    "grading:template": ("get", ("template_exam",), TEACHERS_OWN),
    "grading:show_sheet": ("post", ("template_exam",), TEACHERS_ACT),
    "grading:shown_sheet": ("get", ("template_exam",), TEACHERS_OWN),
    "grading:delete": ("post", ("exam",), TEACHERS_ACT),
    "grading:design": ("get", ("exam",), TEACHERS_OWN),
    "grading:sheet": ("get", ("exam",), TEACHERS_LOOK),
    "grading:preview": ("get", ("exam", 1), TEACHERS_LOOK),
    "grading:take_classes": ("post", ("exam",), TEACHERS_ACT),
    "grading:roster": ("post", ("exam",), TEACHERS_ACT),
    "grading:roster_preview": ("get", ("exam", "roster_preview"), TEACHERS_OWN),
    "grading:add_candidate": ("post", ("exam",), TEACHERS_OWN),  # no number was sent
    "grading:states": ("post", ("exam",), TEACHERS_OWN),  # nobody was ticked
    "grading:candidate": ("get", ("template_exam", "candidate"), TEACHERS_OWN),
    "grading:remove_candidate": ("post", ("template_exam", "candidate"), TEACHERS_ACT),
    "grading:camera": ("get", ("exam",), TEACHERS_OWN),
    "grading:taken": ("get", ("exam", "scan"), TEACHERS_OWN),
    "grading:scans": ("get", ("exam",), TEACHERS_LOOK),
    "grading:scan": ("get", ("exam", "scan"), TEACHERS_LOOK),
    "grading:remove_scan": ("post", ("exam", "scan"), TEACHERS_ACT),
    "grading:remove_paper": ("post", ("exam", "paper"), TEACHERS_ACT),
    "grading:read_again": ("post", ("exam", "scan"), TEACHERS_ACT),
    "grading:page": ("get", ("exam", "rejected_page"), TEACHERS_LOOK),
    "grading:waiting": ("get", ("exam",), TEACHERS_OWN),
    "grading:take_back_page": ("post", ("exam", "rejected_page"), TEACHERS_ACT),
    "grading:discard_page": ("post", ("exam", "rejected_page"), TEACHERS_ACT),
    "grading:keep_page": ("post", ("exam", "page"), TEACHERS_ACT),
    "grading:papers": ("get", ("exam",), TEACHERS_LOOK),
    "grading:paper": ("get", ("exam", "paper"), TEACHERS_LOOK),
    "grading:evidence": ("get", ("exam", "paper", 1), TEACHERS_LOOK),
    "grading:student_evidence": ("get", ("exam", "paper"), TEACHERS_LOOK),
    "grading:correct_answer": ("post", ("exam", "paper", 1), TEACHERS_ACT),
    "grading:correct_student": ("post", ("exam", "paper"), TEACHERS_ACT),
    "grading:undo": ("post", ("exam", "paper", 1), (302, 403, 404, 404, 404)),  # nothing was corrected
    "grading:correct_version": ("post", ("exam", "paper"), TEACHERS_ACT),
    "grading:accept": ("post", ("exam", "paper"), TEACHERS_ACT),
    "grading:review": ("get", ("exam",), TEACHERS_LOOK),
    "grading:rubric": ("post", ("exam", 1), (302, 403, 404, 404, 404)),  # its item is no written one
    "grading:results": ("get", ("exam",), TEACHERS_LOOK),
    "grading:grades": ("post", ("exam",), TEACHERS_ACT),
    "grading:matrix": ("get", ("exam",), TEACHERS_LOOK),
    "grading:release": ("get", ("exam",), TEACHERS_LOOK),
    "grading:give_out": ("post", ("exam",), TEACHERS_ACT),
    "grading:take_back": ("post", ("exam",), TEACHERS_ACT),
    "grading:links": ("get", ("exam",), TEACHERS_OWN),
    "grading:requests": ("get", ("exam",), TEACHERS_LOOK),
    "grading:answer_request": ("post", ("exam", "regrade_request"), TEACHERS_ACT),
    "grading:my_results": ("get", (), SIGNED_IN),
    "grading:shared": ("get", ("release_token",), EVERYONE),
    "grading:ask": ("post", ("release_token",), (302,) * 5),
    "grading:shared_page": ("get", ("release_token", 1), EVERYONE),
    "grading:shared_paper": ("get", ("release_token",), EVERYONE),
    "grading:paste_table": ("get", ("exam",), TEACHERS_LOOK),
    "grading:statistics": ("get", ("exam",), TEACHERS_LOOK),
    "grading:regrade": ("post", ("exam",), TEACHERS_OWN),
    "grading:duplicate": ("post", ("exam",), (302, 403, 404, 302, 302)),
    "grading:class_year": ("get", ("class",), TEACHERS_LOOK),
    "grading:student_year": ("get", ("class", "enrollment"), TEACHERS_LOOK),
    "grading:result": ("get", ("job",), TEACHERS_ACT),
    "grading:api-imports": ("post", (), (401, 403, 400, 400, 400)),  # no file was sent
    "grading:api-import": ("get", ("exam_import",), API_TEACHERS_OWN),
    "grading:api-export": ("get", ("exam",), API_TEACHERS_OWN),
    "grading:api-templates": ("post", (), (401, 403, 400, 400, 400)),  # no file was sent
    "grading:api-template": ("get", ("template_exam",), API_TEACHERS_LOOK),
    "grading:api-exam-list": ("get", (), API_TEACHERS),
    "grading:api-exam-detail": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-roster-upload": ("get", ("exam", "roster_upload"), API_TEACHERS_LOOK),
    "grading:api-roster": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-candidates": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-candidate": ("get", ("template_exam", "candidate"), API_TEACHERS_LOOK),
    "grading:api-orders": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-key": ("post", ("exam",), (401, 403, 404, 404, 400)),  # no text was sent
    "grading:api-layout": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-sheet": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-scans": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-scan-detail": ("get", ("scan",), API_TEACHERS_LOOK),
    "grading:api-restore-scan": ("post", ("scan",), (401, 403, 404, 404, 404)),  # it is there
    "grading:api-restore-paper": ("post", ("paper",), (401, 403, 404, 404, 404)),
    "grading:api-read-again": ("post", ("scan",), (401, 403, 404, 404, 202)),
    "grading:api-page": ("get", ("scan", 1), API_TEACHERS_LOOK),
    "grading:api-assign": ("post", ("scan", 2), (401, 403, 404, 404, 400)),  # it was read already
    "grading:api-picture": ("get", ("scan", 1), API_TEACHERS_LOOK),
    "grading:api-small": ("get", ("scan", 1), API_TEACHERS_LOOK),
    "grading:api-papers": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-paper-detail": ("get", ("paper",), API_TEACHERS_LOOK),
    "grading:api-undo": ("post", ("paper", 1), (401, 403, 404, 404, 404)),  # nothing was corrected
    "grading:api-answer": ("patch", ("paper", 1), (401, 403, 404, 404, 400)),  # no value was sent
    "grading:api-crop": ("get", ("paper", 1), API_TEACHERS_LOOK),
    "grading:api-student-crop": ("get", ("paper",), API_TEACHERS_LOOK),
    "grading:api-evidence": ("get", ("paper", 1), API_TEACHERS_LOOK),
    "grading:api-student-evidence": ("get", ("paper",), API_TEACHERS_LOOK),
    "grading:api-image": ("get", ("paper", 1), API_TEACHERS_LOOK),
    "grading:api-overlay": ("get", ("paper", 1), API_TEACHERS_LOOK),
    "grading:api-review": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-answers": ("patch", ("exam",), (401, 403, 404, 404, 400)),  # no answers were sent
    "grading:api-undo-together": ("post", ("exam",), (401, 403, 404, 404, 400)),  # nor corrections
    "grading:api-rubric": ("put", ("exam", 1), (401, 403, 404, 404, 404)),  # its item is no written one
    "grading:api-results-json": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-results-csv": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-results-xlsx": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-matrix": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-moodle": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-canvas": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-release": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-links": ("get", ("exam",), API_TEACHERS_OWN),
    "grading:api-requests": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-request": ("patch", ("regrade_request",), (401, 403, 404, 404, 400)),  # no reply was sent
    "grading:api-my-results": ("get", (), API),
    "grading:api-shared": ("get", ("release_token",), EVERYONE),
    "grading:api-ask": ("post", ("release_token",), (400,) * 5),  # no sentence was sent
    "grading:api-report": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-paper-report": ("get", ("paper",), API_TEACHERS_LOOK),
    "grading:api-overlays": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-paper-overlay": ("get", ("paper",), API_TEACHERS_LOOK),
    "grading:api-statistics": ("get", ("exam",), API_TEACHERS_LOOK),
    "grading:api-regrade": ("post", ("exam",), API_TEACHERS_OWN),
    "grading:api-class-year": ("get", ("class",), API_TEACHERS_LOOK),
    "grading:api-student-year": ("get", ("class", "enrollment"), API_TEACHERS_LOOK),
    "grading:api-duplicate": ("post", ("exam",), (401, 403, 404, 201, 201)),
    "grading:api-copy": ("post", ("exam",), (401, 403, 404, 201, 201)),
    "registry:models": ("get", (), SIGNED_IN),
    "registry:model": ("get", ("model",), SIGNED_IN),
    "registry:weights": ("get", ("model",), SIGNED_IN),
    "registry:packaged_weights": ("get", ("objects",), SIGNED_IN),
    "registry:training": ("get", ("training",), SIGNED_IN),
    "registry:curves": ("get", ("training",), SIGNED_IN),
    "registry:compare": ("get", (), SIGNED_IN),
    "registry:stop": ("post", ("training",), ADMINS_ACT),
    "registry:go_on": ("post", ("training",), ADMINS_ACT),
    "registry:activate": ("post", ("model",), ADMINS_ACT),
    "registry:roll_back": ("post", ("digits",), ADMINS_ACT),
    "registry:measure": ("post", ("other_model",), ADMINS_ACT),
    "registry:archive": ("post", ("other_model",), ADMINS_ACT),
    "registry:begin_shadow": ("post", ("other_model",), ADMINS_ACT),
    "registry:begin_canary": ("post", ("other_model",), ADMINS_ACT),
    "registry:end_shadow": ("post", ("other_model",), ADMINS_ACT),
    "registry:judge": ("post", ("disagreement",), ADMINS_ACT),
    "registry:log": ("get", (), ADMINS),
    "registry:upload": ("get", (), ADMINS),
    "registry:uploaded": ("get", ("upload",), ADMINS),
    "registry:result": ("get", ("upload_job",), ADMINS_ACT),
    "registry:train": ("get", (), ADMINS),
    "registry:api-list": ("get", (), API),
    "registry:api-detail": ("get", ("model",), API),
    "registry:api-weights": ("get", ("model",), API),
    "registry:api-packaged": ("get", (), API),
    "registry:api-packaged-weights": ("get", ("objects",), API),
    "registry:api-activate": ("post", ("model",), (401, 403, 403, 400, 403)),  # no reason was sent
    "registry:api-rollback": ("post", ("digits",), (401, 403, 403, 400, 403)),  # there is no earlier version
    "registry:api-archive": ("post", ("other_model",), API_ADMINS),
    "registry:api-measurement": ("get", ("other_model",), API_ADMINS),
    "registry:api-shadow": ("get", ("other_model",), API_ADMINS),
    "registry:api-canary": ("get", ("other_model",), (401, 403, 403, 404, 403)),  # it was none
    "registry:api-disagreement": ("patch", ("disagreement",), (401, 403, 403, 400, 403)),  # nothing was sent
    "registry:api-crop": ("get", ("disagreement",), API_ADMINS),
    "registry:api-upload": ("get", ("upload",), API_ADMINS),
    "registry:api-training-list": ("get", (), API_ADMINS),
    "registry:api-training-detail": ("get", ("training",), API_ADMINS),
    "registry:api-training-stop": ("post", ("training",), (401, 403, 403, 400, 403)),  # no worker is at it
    "registry:api-training-go-on": ("post", ("training",), (401, 403, 403, 400, 403)),  # nothing was sent
    "registry:api-training-compare": ("get", (), (401, 403, 403, 400, 403)),  # none was named
    "registry:api-log": ("get", (), API_ADMINS),
    "classifier:pictures": ("get", (), SIGNED_IN),
    "classifier:history": ("get", (), SIGNED_IN),
    "classifier:album": ("get", ("album",), LOOK),
    "classifier:delete_album": ("post", ("album",), OWN_ACT),
    "classifier:picture": ("get", ("picture",), LOOK),
    "classifier:image": ("get", ("picture",), LOOK),
    "classifier:saliency": ("get", ("picture",), LOOK),
    "classifier:correct": ("post", ("picture",), OWN_ACT),
    "classifier:delete": ("post", ("picture",), OWN_ACT),
    "classifier:share": ("post", ("picture",), OWN_ACT),
    "classifier:shared": ("get", ("picture_key",), EVERYONE),
    "classifier:shared_image": ("get", ("picture_key",), EVERYONE),
    "classifier:shared_saliency": ("get", ("picture_key",), EVERYONE),
    "classifier:result": ("get", ("picture_job",), OWN_ACT),
    "classifier:api-list": ("get", (), API),
    "classifier:api-corrections": ("get", (), API),
    "classifier:api-detail": ("get", ("picture",), API_LOOK),
    "classifier:api-share": ("post", ("picture",), API_OWN),
    "classifier:api-picture": ("get", ("picture",), API_LOOK),
    "classifier:api-saliency": ("get", ("picture",), API_LOOK),
    "classifier:api-album-list": ("get", (), API),
    "classifier:api-album-detail": ("get", ("album",), API_LOOK),
    "classifier:api-table": ("get", ("album", "csv"), API_LOOK),
    "classifier:classifiers": ("get", (), SIGNED_IN),
    "classifier:classifier": ("get", ("classifier",), LOOK),
    "classifier:add_examples": ("post", ("classifier",), OWN_ACT),
    "classifier:change_examples": ("post", ("classifier",), OWN_ACT),
    "classifier:label": ("get", ("classifier", "label"), LOOK),
    "classifier:change_label": ("post", ("classifier", "label"), OWN_ACT),
    "classifier:example": ("get", ("classifier", "example"), LOOK),
    "classifier:train": ("post", ("classifier",), OWN_ACT),
    "classifier:training": ("get", ("classifier", "course"), (302, 404, 404, 286, 286)),  # it has ended
    "classifier:activate": ("post", ("classifier", "taught"), OWN_ACT),
    "classifier:download": ("get", ("classifier", "taught", "taught.onnx"), LOOK),
    "classifier:roll_back": ("post", ("classifier",), OWN_ACT),
    "classifier:share_classifier": ("post", ("classifier",), OWN_ACT),
    "classifier:rename_classifier": ("post", ("classifier",), OWN_ACT),
    "classifier:delete_classifier": ("post", ("classifier",), OWN_ACT),
    "classifier:api-classifier-list": ("get", (), API),
    "classifier:api-classifier-detail": ("get", ("classifier",), API_OWN),
    "classifier:api-export": ("get", ("classifier",), API_OWN),
    "classifier:api-examples": ("get", ("classifier",), API_LOOK),
    "classifier:api-example": ("delete", ("classifier", "example"), (401, 404, 404, 404, 204)),
    "classifier:api-example-picture": ("get", ("classifier", "example"), API_LOOK),
    "classifier:api-train": ("post", ("classifier",), (401, 404, 404, 404, 202)),
    "classifier:api-training": ("get", ("classifier", "course"), API_LOOK),
    "classifier:api-activate": ("post", ("classifier",), (401, 404, 404, 404, 400)),  # no version was sent
    "classifier:api-rollback": ("post", ("classifier",), (401, 404, 404, 404, 400)),  # there is one version
    "classifier:api-version-file": ("get", ("classifier", "taught", "taught.json"), API_LOOK),
    "digits:digits": ("get", (), SIGNED_IN),
    "digits:history": ("get", (), SIGNED_IN),
    "digits:reading": ("get", ("reading",), LOOK),
    "digits:layers": ("get", ("reading",), LOOK),
    "digits:picture": ("get", ("reading",), LOOK),
    "digits:frame": ("get", ("reading", 0), LOOK),
    "digits:heat": ("get", ("reading", 0), LOOK),
    "digits:correct": ("post", ("reading",), OWN_ACT),
    "digits:delete": ("post", ("reading",), OWN_ACT),
    "digits:share": ("post", ("reading",), OWN_ACT),
    "digits:shared": ("get", ("share_key",), EVERYONE),
    "digits:shared_picture": ("get", ("share_key",), EVERYONE),
    "digits:shared_frame": ("get", ("share_key", 0), EVERYONE),
    "digits:upload": ("post", (), (401, 400, 400, 400, 400)),  # nothing is sent
    "digits:upload2": ("post", (), (401, 400, 400, 400, 400)),
    "digits:result": ("get", ("reading_job",), OWN_ACT),
    "digits:api-list": ("get", (), API),
    "digits:api-detail": ("get", ("reading",), API_OWN),
    "digits:api-share": ("post", ("reading",), API_OWN),
    "digits:api-picture": ("get", ("reading",), API_LOOK),
    "digits:api-frame": ("get", ("reading", 0), API_LOOK),
    "digits:api-layers": ("get", ("reading",), (401, 404, 404, 202, 202)),  # its numbers are not made yet
    "digits:api-layer": ("get", ("reading", "input"), (401, 404, 404, 202, 202)),
    "generator:faces": ("get", (), SIGNED_IN),
    "generator:restore": ("post", (), SIGNED_IN),
    "generator:gallery": ("get", (), SIGNED_IN),
    "generator:delete_chosen": ("post", (), (302,) * 5),  # nothing was ticked
    "generator:compare": ("get", (), (302,) * 5),  # nothing was ticked
    "generator:download": ("get", (), (302,) * 5),
    "generator:order": ("get", ("order",), LOOK),
    "generator:progress": ("get", ("order",), (302, 404, 404, 286, 286)),  # it has ended
    "generator:mark": ("post", ("order",), OWN_ACT),
    "generator:photo": ("post", ("order",), OWN_ACT),
    "generator:delete": ("post", ("order",), OWN_ACT),
    "generator:share": ("post", ("order",), OWN_ACT),
    "generator:shared": ("get", ("order_key",), EVERYONE),
    "generator:shared_face": ("get", ("order_key", 0), EVERYONE),
    "generator:shared_film": ("get", ("order_key",), EVERYONE),
    "generator:result": ("get", ("order_job",), OWN_ACT),
    "generator:api-list": ("get", (), API),
    "generator:api-detail": ("get", ("order",), API_OWN),
    "generator:api-settings": ("post", (), (401, 400, 400, 400, 400)),  # no picture was sent
    "generator:api-delete-chosen": ("post", (), (401, 400, 400, 400, 400)),  # none was named
    "generator:api-share": ("post", ("order",), API_OWN),
    "generator:api-face": ("get", ("order", 0), API_LOOK),
    "generator:api-grid": ("get", ("order",), API_LOOK),
    "generator:api-film": ("get", ("order",), API_LOOK),
    "generator:api-zip": ("get", ("order",), API_LOOK),
    "generator:api-photo": ("get", ("order", "aligned"), API_LOOK),
}


def routes(patterns=None, prefix: str = "") -> Iterator[str]:
    """The full name of every route; nameless ones (format suffixes of a router) have a named twin."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern.url_patterns, namespace)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"


def test_every_route_has_a_row():
    # Django's own admin keeps its own rules; that it turns people away is tested below.
    assert {name for name in routes() if not name.startswith("admin:")} == set(TABLE)


def test_each_role_gets_what_the_table_says(owned, browse, alice, bob, charlie, root):
    """All in one test: the rows take far longer to make than the addresses to answer."""
    student = User.objects.create_user("student", password=PASSWORD, role=Role.STUDENT)
    people = (None, charlie, student, bob, root, alice)
    check_table(TABLE, owned, browse, people, (0, MEMBER, MEMBER, 2, 3, 4))


def check_table(table, owned, browse, people, columns) -> None:
    """People, who sign in once for the whole table, and in which columns of it they stand."""
    cookies = [browse(one).cookies.output(attrs=[], header="", sep=";") for one in people]
    got: dict[str, tuple[int, ...]] = {}
    lacking: dict[str, list[str]] = {}
    for name, (method, arguments, _expected) in table.items():
        url = reverse(name, args=[owned.get(argument, argument) for argument in arguments])
        with transaction.atomic():
            answers = [getattr(browse(), method)(url, headers={"cookie": mine}) for mine in cookies]
            got[name] = tuple(answer.status_code for answer in answers)
            lacking[name] = [header for answer in answers for header in missing_headers(answer)]
            transaction.set_rollback(True)
    assert got == {
        name: tuple(expected[column] for column in columns)
        for name, (_method, _arguments, expected) in table.items()
    }
    assert not any(lacking.values()), {name: headers for name, headers in lacking.items() if headers}


DELETED = {  # arguments of addresses → what has to be deleted for them to lead nowhere
    SchoolClass: ("class", "enrollment", "list_job", "list_preview"),
    Exam: (
        *("exam", "scan", "roster_upload", "roster_preview", "paper", "page", "rejected_page", "job"),
        *("release_token", "regrade_request"),
    ),
    Classifier: ("classifier", "label", "example", "taught", "course"),
    Reading: ("reading", "share_key", "reading_job", "disagreement"),
    Picture: ("picture", "picture_key", "picture_job"),
    Album: ("album",),
    Order: ("order", "order_key", "order_job"),
}


def test_what_was_deleted_leads_nowhere_and_what_is_restored_where_it_did(owned, browse, alice, bob, root):
    items = [
        trash.delete(rows=[model.objects.get(pk=owned[names[0]])], by=alice)
        for model, names in DELETED.items()
    ]
    gone = {name for names in DELETED.values() for name in names}
    rows = {name: row for name, row in TABLE.items() if gone & {*row[1]}}
    opened = {}
    for name, (method, arguments, _expected) in rows.items():
        url = reverse(name, args=[owned.get(argument, argument) for argument in arguments])
        one = root if name.startswith("registry:") else alice
        opened[name] = getattr(browse(one), method)(url).status_code
    assert {name: status for name, status in opened.items() if status != 404} == {}
    for item in items:
        trash.restore(item=item, by=alice)
    check_table(rows, owned, browse, (bob, alice), (2, 4))


@pytest.mark.django_db
def test_only_admins_enter_the_admin_site(browse, alice, charlie, root):
    assert [browse(one).get("/admin/").status_code for one in (None, charlie, alice, root)] == [
        302,
        302,
        302,
        200,
    ]


@pytest.mark.django_db
def test_a_member_without_the_role_cannot_make_exams(call, charlie):
    answer = call(charlie).post("/api/exams/", {"title": "Mine", "items": []}, format="json")
    assert answer.status_code == 403
    assert "Only teachers" in answer.json()["errors"][0]["detail"]


@pytest.mark.django_db
def test_a_strangers_try_changes_nothing(browse, bob, owned):
    browse(bob).post(reverse("grading:delete", args=[owned["exam"]]))
    browse(bob).post(reverse("accounts:delete_token", args=[owned["token"]]))
    assert Exam.objects.exists()
    assert Token.objects.exists()
