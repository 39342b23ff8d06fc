"""What the rows say after faults: what was lost, done twice, or got stuck."""

from dataclasses import dataclass

from benchmarks.fault_jobs import Ledger
from benchmarks.fault_site import Rows

JOBS = (
    "SELECT j.id, task, queue, status, attempt, progress, error, w.pid "
    "FROM jobs_job j LEFT JOIN jobs_worker w ON w.id = j.process"
)
FORGOTTEN = "digits.look_inside"  # the site keeps a person's latest 24 and deletes the others with their jobs
ROWS_OF = {  # task → table with one row a job
    "digits.read": "digits_reading",
    "digits.look_inside": "digits_inside",
    "classifier.look": "classifier_picture",
    "classifier.label": "classifier_picture",
    "classifier.look_through": "classifier_album",
    "classifier.take_examples": "classifier_delivery",
    "classifier.train": "classifier_training",
    "generator.draw": "generator_order",
    "grading.read_scan": "grading_scan",
    "grading.read_page": "grading_pageassignment",
    "grading.import_exam": "grading_examimport",
    "example.load": "example_example",
    "registry.take_in": "registry_upload",
    "registry.train": "registry_trainingrun",
    "registry.measure": "registry_measurement",
}


def twice(table: str) -> str:
    single = " AND album_id IS NULL" if table == "classifier_picture" else ""  # an album's share its job
    return f"SELECT job_id FROM {table} WHERE job_id IS NOT NULL{single} GROUP BY job_id HAVING COUNT(*) > 1"


DOUBLED = {  # what must be there once: how to find what is there more often
    "papers of a page": "SELECT scan_id, page FROM grading_scanpage GROUP BY scan_id, page HAVING COUNT(*) > 1",
    "papers without a page": "SELECT id FROM grading_paper WHERE id NOT IN "
    "(SELECT paper_id FROM grading_scanpage WHERE paper_id IS NOT NULL)",
    "faces of a place": "SELECT order_id, place FROM generator_face GROUP BY order_id, place HAVING COUNT(*) > 1",
    "pictures of a place": "SELECT delivery_id, place FROM classifier_example GROUP BY delivery_id, place "
    "HAVING COUNT(*) > 1",
    "versions of weights": "SELECT sha256 FROM registry_modelversion GROUP BY sha256 HAVING COUNT(*) > 1",
    **{f"rows of a job in {table}": twice(table) for table in set(ROWS_OF.values())},
}
MISSING = {  # done, and its result is not there
    "readings": "SELECT j.id FROM jobs_job j JOIN digits_reading r ON r.job_id = j.id WHERE j.status = 'done' "
    "AND r.model_id IS NULL",
    "pictures": "SELECT j.id FROM jobs_job j JOIN classifier_picture r ON r.job_id = j.id WHERE j.status = 'done' "
    "AND r.model_id IS NULL",
    "pages": "SELECT j.id FROM jobs_job j JOIN grading_scan s ON s.job_id = j.id WHERE j.status = 'done' "
    "AND NOT EXISTS (SELECT 1 FROM grading_scanpage p WHERE p.scan_id = s.id)",
    "faces": "SELECT j.id FROM jobs_job j JOIN generator_order o ON o.job_id = j.id WHERE j.status = 'done' "
    "AND (SELECT COUNT(*) FROM generator_face f WHERE f.order_id = o.id) <> o.count",
}


@dataclass(frozen=True)
class Job:
    id: str
    task: str
    queue: str
    status: str
    attempt: int
    progress: int
    error: str
    pid: int | None  # of the process that runs it, or did

    @property
    def is_open(self) -> bool:
        return self.status in ("queued", "running")

    def has_gone_on(self, before: "Job | None") -> bool:
        """It was begun, came further or ended since."""
        if self.status == "queued":
            return False
        return before is None or self.state != before.state

    def has_been_resumed(self, now: "Job | None") -> bool:
        """It runs another time, or has ended."""
        return now is None or not now.is_open or now.attempt > self.attempt

    @property
    def state(self) -> tuple[str, int, int]:
        return self.status, self.attempt, self.progress


def all_jobs(rows: Rows) -> dict[str, Job]:
    found = (Job(str(row[0]).replace("-", ""), *row[1:]) for row in rows.ask(JOBS))
    return {job.id: job for job in found}


def verdict(rows: Rows, ledger: Ledger, hostile: str) -> dict[str, list[str]]:
    """What went wrong, by its kind. hostile: the id of the one job that may fail."""
    jobs = all_jobs(rows)
    failed = [job for job in jobs.values() if job.status == "failed" and job.id != hostile]
    return {
        "lost": [
            *(
                f"{kind} {job}"
                for job, kind in ledger.accepted.items()
                if job not in jobs and kind != FORGOTTEN
            ),
            *(
                f"row of {task} {job}"
                for task, table in ROWS_OF.items()
                for job in without_row(rows, task, table)
            ),
            *(f"{what} of {row[0]}" for what, question in MISSING.items() for row in rows.ask(question)),
        ],
        "doubled": [f"{what}: {row}" for what, question in DOUBLED.items() for row in rows.ask(question)],
        "stuck": [f"{job.task} {job.id} {job.state}" for job in jobs.values() if job.is_open],
        "others failed": [f"{job.task} {job.id} {job.state}: {job.error}" for job in failed],
        "refused": ledger.refused,
    }


def without_row(rows: Rows, task: str, table: str) -> list[str]:
    """Jobs whose app has no row for them."""
    there = f"EXISTS (SELECT 1 FROM {table} t WHERE t.job_id = j.id)"
    found = rows.ask(f"SELECT j.id FROM jobs_job j WHERE j.task = '{task}' AND NOT {there}")
    return [str(row[0]) for row in found]
