"""What Airflow's database must hold before any server starts. Needs the environment of the installation."""

from __future__ import annotations

from airflow.models.connection import Connection
from airflow.models.pool import Pool
from airflow.utils import db
from airflow.utils.session import create_session
from sqlalchemy import select

from dags.shared.settings import MIRROR_POOL, WRITER_POOL

MAIL_CONNECTION = "smtp_default"
FROM_ADDRESS = "carton-caps@localhost.example"


def prepare_database(mail_host: str, mail_port: int) -> None:
    """Migrate the database, make the pools, point the mail connection at the sink. Running it again is safe."""
    db.upgradedb()  # what `airflow db migrate` does: makes an empty database, migrates an older one
    Pool.create_or_update_pool(
        WRITER_POOL, slots=1, include_deferred=True,
        description="DuckDB takes one writing process: every task that opens the warehouse is in here.",
    )  # fmt: skip
    Pool.create_or_update_pool(
        MIRROR_POOL, slots=3, include_deferred=False,
        description="Tasks that show what dbt did. They read Airflow's own records only, never the warehouse.",
    )  # fmt: skip
    point_mail_at_sink(mail_host, mail_port)


def point_mail_at_sink(host: str, port: int) -> None:
    """Make the connection of all mails, or follow the sink's port. A connection that a person changed is left alone."""
    with create_session() as session:
        known = session.scalar(select(Connection).where(Connection.conn_id == MAIL_CONNECTION))
        if known is None:
            extra = {
                "from_email": FROM_ADDRESS,
                "disable_ssl": True,
                "disable_tls": True,
                "timeout": 10,
                "retry_limit": 1,
            }
            session.add(
                Connection(
                    conn_id=MAIL_CONNECTION,
                    conn_type="smtp",
                    host=host,
                    port=port,
                    extra=extra,
                    description="The local mail sink. Change host, port and log-in here to send real mail.",
                )
            )
        elif known.host == host and not known.login:
            known.port = port
