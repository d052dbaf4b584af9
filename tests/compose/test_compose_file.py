"""What docker-compose.yaml, Dockerfile and .env.example promise, held against each other, the code and the Procfile."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dags.shared.settings import WRITER_QUEUE
from deploy.new_env import TO_DECIDE, filled, main, new_secrets
from deploy.team import DATABASE_NAME, DATABASE_USER, team_env
from include.errors import CartonCapsError
from include.settings import PROJECT_ROOT
from tests.compose.compose_file import (
    COMPOSE_FILE,
    DOCKERFILE,
    OUR_IMAGE,
    VARIABLE,
    NotSetError,
    environment_of_image,
    interpolated,
    services,
)

DECIDED = {
    "CARTON_START_DATE": "2026-03-01",
    "CARTON_ALERT_RECIPIENTS": "a@b.example",
    "CARTON_AIRFLOW_URL": "http://x",
}
VARIABLES = new_secrets() | DECIDED
SERVICES = services(VARIABLES)
OURS = {name: spec for name, spec in SERVICES.items() if spec["image"] == OUR_IMAGE}
AIRFLOW = {name: spec for name, spec in OURS.items() if name != "dash"}
ENV_EXAMPLE = (PROJECT_ROOT / ".env.example").read_text()

# Variables that other people's images read, from their documentation.
READ_BY_IMAGES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "REDISCLI_AUTH"}


def test_the_file_is_valid_by_the_published_schema_of_compose():
    checked = _check_schema(COMPOSE_FILE)
    assert checked.returncode == 0, checked.stdout


def test_that_schema_refuses_a_misspelt_key(tmp_path: Path):
    broken = tmp_path / "docker-compose.yaml"
    broken.write_text(COMPOSE_FILE.read_text().replace("stop_grace_period:", "stop_grace_time:", 1))
    assert _check_schema(broken).returncode == 1


def test_the_services_are_the_ones_that_a_team_needs():
    assert set(SERVICES) == {
        "postgres", "redis", "mailpit",
        "init", "api-server", "scheduler", "dag-processor", "triggerer", "worker", "writer-worker", "dash",
    }  # fmt: skip


def test_every_service_has_a_health_check_and_comes_back_by_itself_except_the_one_that_ends():
    for name, spec in SERVICES.items():
        if name == "init":
            assert (spec["healthcheck"], spec["restart"]) == ({"disable": True}, "no")
        else:
            assert spec["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name
            assert spec["restart"] == "unless-stopped", name


def test_no_secret_has_a_default_and_the_file_refuses_to_start_without_each_of_them():
    for secret in VARIABLES:
        with pytest.raises(NotSetError, match=f"{secret} is not set in .env - "):
            services({name: value for name, value in VARIABLES.items() if name != secret})


def test_no_secret_stands_in_the_files():
    named = re.compile(r"(PASSWORD|SECRET|KEY|AUTH)\w* *[:=] *[^\s:=]")
    for file in (COMPOSE_FILE, DOCKERFILE, PROJECT_ROOT / ".env.example"):
        without_variables = VARIABLE.sub("", file.read_text())
        assert [line for line in without_variables.splitlines() if named.search(line)] == []


def test_the_example_names_every_variable_of_the_file_and_no_other():
    used = {found["name"] for found in VARIABLE.finditer(COMPOSE_FILE.read_text()) if found["name"]}
    assert set(_lines_of_example()) == used
    assert all(_lines_of_example()[name] == "" for name in (*new_secrets(), *TO_DECIDE))


def test_a_new_env_holds_new_secrets_is_private_and_never_replaces_one(tmp_path: Path, capsys):
    target = tmp_path / ".env"
    assert main(target) == 0
    assert target.stat().st_mode & 0o777 == 0o600
    values = dict(line.split("=", 1) for line in target.read_text().splitlines() if line and line[0] != "#")
    assert all(len(values[name]) > 40 for name in new_secrets())
    assert len({values[name] for name in new_secrets()}) == len(new_secrets())
    before = target.read_text()
    assert main(target) == 1
    assert "exists" in capsys.readouterr().err
    assert target.read_text() == before


def test_a_template_that_lacks_a_secret_is_refused():
    with pytest.raises(KeyError, match="CARTON_JWT_SECRET"):
        filled(ENV_EXAMPLE.replace("CARTON_JWT_SECRET=", ""), new_secrets())


def test_the_env_maker_runs_with_nothing_but_python():
    bare = [sys.executable, "-S", "-c", "import deploy.new_env"]  # -S: no installed package
    run = subprocess.run(bare, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_ports_are_published_on_loopback_only():
    published = [port for spec in SERVICES.values() for port in spec.get("ports", [])]
    assert len(published) == 3
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_no_service_runs_as_root_or_may_become_it():
    assert "\nUSER carton\n" in DOCKERFILE.read_text()
    for name, spec in SERVICES.items():
        assert spec["cap_drop"] == ["ALL"], name
        assert spec["security_opt"] == ["no-new-privileges:true"], name
        if name not in OURS:
            assert spec["user"] in ("postgres", "redis", "65534:65534"), name
        assert "user" not in spec or name not in OURS, name


def test_every_command_exists_in_the_environment_of_the_image():
    programs = {"python", "gunicorn"}
    for name, spec in OURS.items():
        for command in (spec["command"], spec["healthcheck"].get("test", ["CMD", "python", "-m", "deploy.init"])[1:]):
            assert command[0] in programs, name
            assert shutil.which(command[0], path=str(Path(sys.executable).parent)), command[0]
            if command[0] == "python":
                assert command[1] == "-m", name
                assert importlib.util.find_spec(command[2]), command[2]


def test_every_variable_that_is_handed_over_is_read_by_the_code():
    files = [*(PROJECT_ROOT / "deploy").glob("*.py"), *(PROJECT_ROOT / "dags").rglob("*.py")]
    files += [*(PROJECT_ROOT / "include").rglob("*.py"), *(PROJECT_ROOT / "dash_app").rglob("*.py")]
    read = set(re.findall(r"""["'](CARTON_\w+)["']""", "\n".join(file.read_text() for file in files)))
    given = {name for spec in SERVICES.values() for name in spec.get("environment", {})}
    assert given - READ_BY_IMAGES - read == set()
    assert len(given) > 10


def test_no_setting_of_airflow_is_written_a_second_time():
    assert {name for spec in SERVICES.values() for name in spec.get("environment", {}) if "AIRFLOW__" in name} == set()


def test_every_airflow_service_gets_all_that_airflow_needs():
    for name, spec in AIRFLOW.items():
        env = team_env(environment_of_image() | spec["environment"])
        assert env["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor", name
        assert (env["AIRFLOW_HOME"], env["CARTON_DATA_DIR"]) == ("/var/lib/airflow", "/data"), name
        assert "@postgres:5432/" in env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"], name
        assert env["AIRFLOW__CELERY__BROKER_URL"].endswith("@redis:6379/0"), name
        assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api-server:8080/execution/", name


def test_a_missing_variable_is_named_with_the_place_where_it_is_set():
    given = environment_of_image() | SERVICES["scheduler"]["environment"]
    for name in ("CARTON_DATABASE_PASSWORD", "CARTON_BROKER", "CARTON_START_DATE", "CARTON_JWT_SECRET", "AIRFLOW_HOME"):
        with pytest.raises(CartonCapsError, match=f"{name} is not set.*docker-compose.yaml"):
            team_env({key: value for key, value in given.items() if key != name})


def test_a_password_with_signs_does_not_break_the_addresses():
    given = environment_of_image() | SERVICES["scheduler"]["environment"]
    env = team_env(given | {"CARTON_DATABASE_PASSWORD": "a@b/c", "CARTON_BROKER_PASSWORD": "d:e#f"})
    assert ":a%40b%2Fc@postgres" in env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    assert ":d%3Ae%23f@redis" in env["AIRFLOW__CELERY__BROKER_URL"]


def test_the_database_is_made_under_the_name_that_airflow_looks_for():
    environment = SERVICES["postgres"]["environment"]
    assert (environment["POSTGRES_DB"], environment["POSTGRES_USER"]) == (DATABASE_NAME, DATABASE_USER)


def test_secrets_reach_only_the_services_that_use_them():
    of_dash = {"CARTON_SESSION_KEY"}
    for name, spec in SERVICES.items():
        given = {variable for variable in spec.get("environment", {}) if variable in new_secrets()}
        of_airflow = set(new_secrets()) - of_dash - ({"CARTON_ADMIN_PASSWORD"} if name != "init" else set())
        assert given == (of_airflow if name in AIRFLOW else of_dash if name == "dash" else set()), name


def test_one_worker_and_no_other_takes_the_queue_of_the_warehouse_one_task_at_a_time():
    queues = {name: _option(spec["command"], "--queues") for name, spec in AIRFLOW.items() if "worker" in name}
    assert queues == {"worker": "default", "writer-worker": WRITER_QUEUE}
    assert _option(SERVICES["writer-worker"]["command"], "--concurrency") == "1"


def test_the_warehouse_is_mounted_once_and_the_dashboard_reads_snapshots_and_writes_decisions_alone():
    mounts = {name: spec.get("volumes", []) for name, spec in SERVICES.items()}
    assert [name for name in mounts if "warehouse:/data/warehouse" in mounts[name]] == ["writer-worker"]
    decisions = "decisions:/data/landing/review_decisions"
    assert mounts["dash"] == ["serving:/data/serving:ro", decisions, "access:/data/access"]
    assert [name for name in mounts if decisions in mounts[name]] == ["worker", "writer-worker", "dash"]
    assert [name for name in mounts if "serving:/data/serving" in mounts[name]] == ["writer-worker"]
    assert [name for name in mounts if "backup:/data/backup" in mounts[name]] == ["writer-worker"]


def test_whoever_mails_has_the_queue_and_whoever_judges_has_the_snapshot():
    mounts = {name: " ".join(spec.get("volumes", [])) for name, spec in SERVICES.items()}
    queue = {name for name in mounts if "alerts:/data/alerts" in mounts[name]}
    assert queue == {"dag-processor", "triggerer", "worker", "writer-worker"}
    assert {name for name in queue if "serving:/data/serving" in mounts[name]} == queue - {"dag-processor"}


def test_every_mounted_volume_is_declared_and_the_image_owns_the_folder():
    declared = yaml.safe_load(COMPOSE_FILE.read_text())["volumes"]
    mounted = {mount.split(":")[0] for spec in SERVICES.values() for mount in spec.get("volumes", [])}
    assert mounted == set(declared)
    made = re.search(r"mkdir -p ([^&]+)&&", DOCKERFILE.read_text().replace("\\\n", " ")).group(1).split()
    inside = {mount.split(":")[1] for spec in OURS.values() for mount in spec.get("volumes", [])}
    assert inside <= {*made, "/data/landing"}, "mkdir -p makes /data/landing on its way"


def test_the_dashboard_is_served_as_in_the_procfile():
    procfile = yaml.safe_load((PROJECT_ROOT / "Procfile").read_text())["dash"].removeprefix("exec ")
    in_container = " ".join(SERVICES["dash"]["command"])
    assert in_container == procfile.replace("127.0.0.1:$CARTON_DASH_PORT", "0.0.0.0:8050")


def test_secrets_data_and_caches_stay_out_of_the_image():
    ignored = (PROJECT_ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", ".venv", ".tools", "data", "include/dbt/target"} <= set(ignored)


def test_interpolation_reads_the_forms_that_the_file_uses():
    assert interpolated("$$A ${B} ${C:-d}", {"B": "b"}) == "$A b d"
    assert interpolated(["${C:-d}"], {"C": "c"}) == ["c"]
    without = VARIABLE.sub("", COMPOSE_FILE.read_text())
    assert "$" not in without, "a form of variable that these tests do not read"


def _check_schema(file: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [program, "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _lines_of_example() -> dict[str, str]:
    return dict(line.split("=", 1) for line in ENV_EXAMPLE.splitlines() if line and not line.startswith("#"))


def _option(command: list[str], name: str) -> Any:
    return command[command.index(name) + 1]
