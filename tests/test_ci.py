"""What runs elsewhere calls what runs here, so that neither says something of its own."""

import yaml
from django.conf import settings


def read(name: str) -> dict:
    return yaml.safe_load((settings.BASE_DIR / name).read_text())


def test_the_ci_calls_the_script_that_runs_on_any_machine():
    (job,) = read(".github/workflows/ci.yml")["jobs"].values()
    assert job["steps"][-1] == {"run": ".ci/run"}
    assert (settings.BASE_DIR / ".ci/run").stat().st_mode & 0o100


def test_every_hook_is_a_tool_that_the_project_pins():
    (repository,) = read(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        tool, *arguments = hook["entry"].split()
        assert hook["language"] == "system" and tool.startswith(".venv/bin/")
        assert (settings.BASE_DIR / tool).exists()
        assert all((settings.BASE_DIR / one).exists() for one in arguments if one.endswith(".py"))
