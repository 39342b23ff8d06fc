"""What is done now and then, and how often."""

from typing import Any


def periodic_tasks(has_redis: bool) -> dict[str, float]:
    """Name → seconds between two runs, each by one worker of the site."""
    tasks = {
        "administration.count_files": 900.0,
        "administration.forget_sign_ins": 3600.0,
        "dataexport.forget_old": 600.0,
        "generator.forget_photos": 600.0,
        "jobs.remove_leftovers": 3600.0,
        "registry.forget_uploads": 600.0,
        "registry.measure_one": 60.0,
        "registry.time_one": 60.0,
        "registry.time_packaged": 60.0,
        "registry.watch_canaries": 60.0,
        "school.forget_tables": 3600.0,
        "trash.forget_log": 3600.0,
        "trash.purge_due": 300.0,
        "visitors.forget_old": 60.0,
    }
    return tasks | ({"jobs.sweep": 5.0} if has_redis else {})


def beat_schedule(tasks: dict[str, float]) -> dict[str, Any]:
    """As Celery's beat has it: what was not done in time is not made up for."""
    return {
        name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
        for name, seconds in tasks.items()
    }
