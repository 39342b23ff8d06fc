"""The networks.

ModelVersion ─┬─ Upload, TrainingRun    where its weights came from
              ├─ Measurement            how good a worker finds it
              ├─ Change                 the log: since when it answered, instead of which, who wanted that
              └─ Shadow ── Disagreement where it says something else than the one that answers

PackagedTiming                          what an answer costs of a network that has no version
"""

from registry.models.changes import AppendOnly, Change, ChangeQuerySet, Doubt
from registry.models.origins import SILENCE, Measurement, TrainingRun, Upload
from registry.models.shadows import Disagreement, Shadow
from registry.models.timings import PackagedTiming
from registry.models.versions import (
    ANSWERS_FIRST,
    BUILT_IN,
    CANARIES,
    KIND_NAMES,
    MEASURED,
    RIVALS,
    TAUGHT,
    ModelVersion,
    ModelVersionQuerySet,
    name_of_network,
)
