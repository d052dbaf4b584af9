from __future__ import annotations

import psycopg2
import pytest

from embedded import postgres
from embedded.places import Places
from embedded.processes import left_over
from include.settings import Paths


def test_the_database_keeps_its_rows_over_a_stop_and_leaves_no_process(tmp_path_factory: pytest.TempPathFactory):
    places = Places(Paths(tmp_path_factory.mktemp("pg")))
    for statement, expected in (("create table kept as select 7 as seven", None), ("select seven from kept", 7)):
        server = postgres.start(places)
        try:
            connection = psycopg2.connect(server.get_uri())
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                if expected:
                    assert cursor.fetchone() == (expected,)
            connection.close()
            assert left_over(places) != []
        finally:
            server.stop()
        assert left_over(places) == []


def test_it_listens_on_a_socket_and_on_no_port(tmp_path_factory: pytest.TempPathFactory):
    server = postgres.start(Places(Paths(tmp_path_factory.mktemp("pg"))))
    try:
        assert postgres.database_uri(server).startswith("postgresql+psycopg2://postgres:@/postgres?host=")
        listening = server.get_postmaster_info().process.net_connections("tcp")
        assert listening == []
    finally:
        server.stop()
