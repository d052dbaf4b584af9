"""What was sent, copied into ``ops.alerts_sent`` of the warehouse, where it can be asked beside loads and builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from include.alerts.store import store_file, transaction
from include.warehouse import connect

if TYPE_CHECKING:
    from include.settings import Paths

_SENT = """
    select message_id, kind, subject, queued_at, min(sent_at) as sent_at,
        count(sent_at) as addresses_reached, count(*) - count(sent_at) as addresses_waiting
    from mails join deliveries using (mail_id)
    group by mail_id
    having count(sent_at) > 0
"""


def copy_sent(paths: Paths) -> int:
    """Bring ``ops.alerts_sent`` up to date and return how many mails it holds. Running it again changes nothing.

    For a step that may write to the warehouse anyway; the path of a mail itself never waits for the warehouse.
    Addresses stay behind: they are personal data, and the table is published.

    Raises AlertStoreError or WarehouseError when one of the two files cannot be used.
    """
    if not store_file(paths).exists():
        return 0
    with transaction(paths) as con:
        sent = [tuple(row) for row in con.execute(_SENT)]
    if sent:
        with connect(paths) as warehouse:
            ids = [row[0] for row in sent]
            warehouse.execute("begin")
            warehouse.execute("delete from ops.alerts_sent where list_contains(?, message_id)", [ids])
            warehouse.executemany("insert into ops.alerts_sent values (?, ?, ?, ?, ?, ?, ?)", sent)
            warehouse.execute("commit")
    return len(sent)
