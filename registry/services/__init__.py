"""What admins do with versions: activate, roll back, archive, measure, upload, train, run in the shadow."""

from registry.services.live import (
    activate,
    activate_measured,
    activate_new,
    archive,
    earlier,
    register_built_ins,
    roll_back,
)
from registry.services.measurements import (
    FAR_WORSE,
    Unconfirmed,
    doubt_about,
    is_measured,
    measure,
    note_figures,
    note_probe,
)
from registry.services.origins import (
    add_candidate,
    begin_training,
    check_new,
    end_training,
    go_on,
    note_beginning,
    note_training,
    stop_training,
    train,
    upload,
)
from registry.services.shadows import begin_shadow, end_shadow, judge_disagreement

__all__ = [
    "FAR_WORSE",
    "Unconfirmed",
    "activate",
    "activate_measured",
    "activate_new",
    "add_candidate",
    "archive",
    "begin_shadow",
    "begin_training",
    "check_new",
    "doubt_about",
    "earlier",
    "end_shadow",
    "end_training",
    "go_on",
    "is_measured",
    "judge_disagreement",
    "measure",
    "note_figures",
    "note_beginning",
    "note_probe",
    "note_training",
    "register_built_ins",
    "roll_back",
    "stop_training",
    "train",
    "upload",
]
