"""What Airflow's database must hold before any server starts. Needs the environment of the installation."""

from __future__ import annotations

import json

from airflow.models.connection import Connection
from airflow.models.pool import Pool
from airflow.utils import db
from airflow.utils.session import create_session
from sqlalchemy import select

from dags.shared.settings import WRITER_POOL
from include.settings_list import value

MAIL_CONNECTION = "smtp_default"
_SINK_PORT = "sink_port"


def prepare_database(mail_host: str, mail_port: int) -> None:
    """Migrate the database, make the pool, point the mail connection at the sink. Running it again is safe."""
    db.upgradedb()  # what `airflow db migrate` does: makes an empty database, migrates an older one
    Pool.create_or_update_pool(
        WRITER_POOL, slots=1, include_deferred=True,
        description="DuckDB takes one writing process: every task that opens the warehouse is in here.",
    )  # fmt: skip
    point_mail_at_sink(mail_host, mail_port)


def point_mail_at_sink(host: str, port: int) -> None:
    """Make the connection of all mails, or follow the sink's port. A connection that a person changed is left alone.

    A relay on this host differs from the sink by its port alone, so the connection keeps which port was the sink's.
    """
    with create_session() as session:
        known = session.scalar(select(Connection).where(Connection.conn_id == MAIL_CONNECTION))
        if known is None:
            extra = {
                "from_email": value("CARTON_MAIL_FROM"),
                "disable_ssl": True,
                "disable_tls": True,
                "timeout": 10,
                "retry_limit": 1,
                _SINK_PORT: port,
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
        else:
            follow_sink(known, host, port)


def follow_sink(known: Connection, host: str, port: int) -> None:
    """Take the sink's new port into the connection, unless a person has pointed it elsewhere."""
    extra = known.extra_dejson
    if known.host == host and not known.login and known.port == extra.get(_SINK_PORT):
        known.port = port
        known.extra = json.dumps(extra | {_SINK_PORT: port})
