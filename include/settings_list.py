"""Every environment variable of the project: its default, and what it does. ``docs/settings.md`` is written from here.

Code takes a value by ``value(name)``, so that a default stands here and nowhere else. A test fails when code reads a
variable that is not declared, and when one is declared that nobody reads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One environment variable. An empty value counts as none, everywhere."""

    name: str
    group: str
    does: str
    default: str = ""
    """What holds when it is not set; empty when there is no fixed value."""
    otherwise: str = ""
    """What happens without it, in words, where there is no fixed value."""
    is_secret: bool = False


#: Groups of the page, in their order, each with a sentence.
GROUPS = {
    "places": "Where data lie. Every command reads these.",
    "servers": "Ports and addresses of the servers on one machine (`make run`), and of links in pages and mails.",
    "build": "What a build may take, and which day is due when.",
    "mail": "Who gets mails. The server itself is the Airflow connection `smtp_default`; the `SMTP` variables are "
    "for what runs without Airflow (`watch`, `alerts send`) and for the first value of that connection.",
    "access": "Who comes into the web app: [decision 0021](decisions/0021-who-comes-into-the-web-app.md).",
    "simulator": "The simulated world. They overrule the file, options of the command line overrule them.",
    "team": "A team's installation only: `docker-compose.yaml` hands them over, `.env` has the secrets "
    "([how](team_installation.md)).",
    "development": "For tests and pictures.",
}

_NO_SERVER = "required there: the services do not start without it"

_DECLARED = (
    # --- places
    Setting(
        "CARTON_DATA_DIR",
        "places",
        "Root of all data: landing files, warehouse, snapshots, queue of mails, logs. One installation for each root.",
        otherwise="`data/` in the project",
    ),
    Setting(
        "CARTON_BACKUP_DIR",
        "places",
        "Where backups go. Name a folder on another disk, one for each data root.",
        otherwise="`backup/` below the data root",
    ),
    Setting(
        "CARTON_METADATA_URI",
        "places",
        "SQLAlchemy address of Airflow's database, for its backup and its clean-up. Both installations set it by "
        "themselves; set it for a backup by hand that shall hold that database.",
        otherwise="a backup is without Airflow's database",
        is_secret=True,
    ),
    # --- servers
    Setting("CARTON_AIRFLOW_PORT", "servers", "Port of Airflow on the loopback address.", "8080"),
    Setting("CARTON_DASH_PORT", "servers", "Port of the web app on the loopback address.", "8050"),
    Setting(
        "CARTON_DASH_URL",
        "servers",
        "Public address of the web app: links in mails, and whether session cookies are sent over https only.",
        otherwise="this machine and `CARTON_DASH_PORT`",
    ),
    Setting(
        "CARTON_AIRFLOW_URL",
        "servers",
        "Public address of Airflow: links in pages and mails.",
        otherwise="this machine and `CARTON_AIRFLOW_PORT`",
    ),
    # --- build
    Setting(
        "CARTON_SOURCE",
        "build",
        "`simulator` or `landing`: who delivers days. With `landing` the first `make run` builds what has landed, "
        "`carton_caps_source` begins paused, and nothing is ever simulated. `make run` keeps what it was at the first "
        "start.",
        "simulator",
    ),
    Setting(
        "CARTON_START_DATE",
        "build",
        "First landing day that the scheduler owns; it catches up from there. `make run` sets it at the first start, "
        "a team must.",
        "2026-01-01",
    ),
    Setting(
        "CARTON_PUBLISH_BY",
        "build",
        "Hours after midnight UTC by which the day before must be published, such as 9 or 9.5; later is mailed.",
        "9",
    ),
    Setting(
        "CARTON_BUILD_MEMORY",
        "build",
        "Memory that DuckDB may take within a dbt build, as DuckDB words it; beyond it, it writes to disk.",
        "2500MB",
    ),
    Setting(
        "CARTON_ENGINE",
        "build",
        "`duckdb` or `spark`: what builds the core of a run without Airflow ([scale-out](scale_out.md)).",
        "duckdb",
    ),
    Setting(
        "CARTON_SPARK_PYTHON",
        "build",
        "The Python that has PySpark and dbt-spark.",
        otherwise="that of `make spark-setup`",
    ),
    Setting("CARTON_SPARK_MASTER", "build", "Where Spark runs, as Spark words it.", "local[2]"),
    Setting("CARTON_SPARK_MEMORY", "build", "Memory of Spark's process, as Java words it.", "2g"),
    Setting("CARTON_SPARK_PARTITIONS", "build", "Parts into which Spark splits what it sorts and joins.", "4"),
    # --- mail
    Setting(
        "CARTON_ALERT_RECIPIENTS",
        "mail",
        "Who gets every mail, separated by commas, unless a group has its own readers.",
        "oncall@carton-caps.example",
    ),
    Setting(
        "CARTON_ALERT_RECIPIENTS_ONCALL",
        "mail",
        "Readers on call, who get everything.",
        otherwise="`CARTON_ALERT_RECIPIENTS`",
    ),
    Setting(
        "CARTON_ALERT_RECIPIENTS_FINANCE",
        "mail",
        "Readers of findings about rewards, liability and spend.",
        otherwise="`CARTON_ALERT_RECIPIENTS`",
    ),
    Setting(
        "CARTON_ALERT_RECIPIENTS_TRUST",
        "mail",
        "Readers of findings about rewards and abuse.",
        otherwise="`CARTON_ALERT_RECIPIENTS`",
    ),
    Setting("CARTON_SMTP_HOST", "mail", "Mail server of what runs without Airflow.", "127.0.0.1"),
    Setting(
        "CARTON_SMTP_PORT",
        "mail",
        "Its port. With `make run` also the port of the local sink, which is what `smtp_default` first points to.",
        "8025",
    ),
    Setting("CARTON_SMTP_USER", "mail", "Log-in at that server.", otherwise="no log-in"),
    Setting("CARTON_SMTP_PASSWORD", "mail", "Its password.", otherwise="an empty one", is_secret=True),
    Setting("CARTON_SMTP_TLS", "mail", "`none`, `starttls` or `ssl`.", "none"),
    Setting("CARTON_MAIL_FROM", "mail", "Sender of mails sent without Airflow.", "carton-caps@localhost.example"),
    # --- access
    Setting(
        "CARTON_ACCESS",
        "access",
        "`off`: all who reach the port. `people`: those in a file, with passwords. `proxy`: whom a proxy names.",
        "off",
    ),
    Setting(
        "CARTON_ACCESS_FILE",
        "access",
        "The file of people, groups and limits, made by `python -m dash_app.access`.",
        otherwise="required with `people`; with `proxy` nobody is limited",
    ),
    Setting(
        "CARTON_SESSION_KEY",
        "access",
        "Signs the sessions, at least 32 characters, the same for all workers.",
        otherwise="required with `people`",
        is_secret=True,
    ),
    Setting("CARTON_ACCESS_USER_HEADER", "access", "The header in which a proxy names the person.", "X-Forwarded-User"),
    Setting("CARTON_ACCESS_GROUPS_HEADER", "access", "The header with that person's groups.", "X-Forwarded-Groups"),
    Setting("CARTON_ACCESS_PROXIES", "access", "Addresses of believed proxies, separated by commas.", "127.0.0.1,::1"),
    # --- simulator
    Setting("CARTON_USERS", "simulator", "Accounts about 120 days after the epoch.", "2000"),
    Setting("CARTON_SEED", "simulator", "Another seed is another world.", "20260101"),
    Setting(
        "CARTON_EPOCH",
        "simulator",
        "First day of the world, YYYY-MM-DD.",
        otherwise="that of the days already there, else 1 January of the first day asked for",
    ),
    Setting("CARTON_FORMAT", "simulator", "Format of the landing files, `csv` or `parquet`.", "csv"),
    Setting(
        "CARTON_SIMULATION",
        "simulator",
        "YAML file with any field of the simulator's configuration: [assumptions](assumptions.md).",
        otherwise="no file",
    ),
    Setting("CARTON_BOOTSTRAP_DAYS", "simulator", "Days of history that the first `make run` makes.", "120"),
    # --- team
    Setting("CARTON_DATABASE", "team", "Host and port of Airflow's PostgreSQL.", otherwise=_NO_SERVER),
    Setting("CARTON_DATABASE_PASSWORD", "team", "Its password.", otherwise=_NO_SERVER, is_secret=True),
    Setting("CARTON_BROKER", "team", "Host and port of Redis.", otherwise=_NO_SERVER),
    Setting("CARTON_BROKER_PASSWORD", "team", "Its password.", otherwise=_NO_SERVER, is_secret=True),
    Setting("CARTON_API", "team", "Host and port of Airflow's API server for the services.", otherwise=_NO_SERVER),
    Setting(
        "CARTON_FERNET_KEY",
        "team",
        "Encrypts the connections in Airflow's database. Keep it: without it a backup of them cannot be read.",
        otherwise=_NO_SERVER,
        is_secret=True,
    ),
    Setting("CARTON_JWT_SECRET", "team", "Signs what tasks say to the API.", otherwise=_NO_SERVER, is_secret=True),
    Setting("CARTON_API_SECRET_KEY", "team", "Signs Airflow's sessions.", otherwise=_NO_SERVER, is_secret=True),
    Setting(
        "CARTON_ADMIN_PASSWORD",
        "team",
        "First log-in to Airflow, user `admin`; counts when that user is made.",
        otherwise=_NO_SERVER,
        is_secret=True,
    ),
    Setting("CARTON_MAIL_PORT", "team", "Port of the page of received mails, on the host's loopback address.", "8025"),
    # --- development
    Setting(
        "CARTON_CHROMIUM",
        "development",
        "The browser of tests and pictures.",
        otherwise="the system's `chromium`",
    ),
    Setting(
        "CARTON_SCREENSHOTS",
        "development",
        "Folder for pictures of rendered mails, which a test leaves there when it is set.",
        otherwise="no pictures",
    ),
)

#: Name -> setting, in the order of the page.
SETTINGS = {setting.name: setting for setting in _DECLARED}


def default(name: str) -> str:
    """The default of a variable; empty when it has none."""
    return SETTINGS[name].default


def given(name: str, environment: Mapping[str, str] | None = None) -> str:
    """What the environment says of a declared variable; empty when it says nothing."""
    return (os.environ if environment is None else environment).get(SETTINGS[name].name, "")


def value(name: str, environment: Mapping[str, str] | None = None) -> str:
    """What the environment says, else the default; empty when there is neither."""
    return given(name, environment) or default(name)
