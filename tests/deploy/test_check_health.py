from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.check_health import main
from deploy.health import airflow_troubles, dash_troubles
from embedded.places import HOST, free_port
from include.errors import CartonCapsError

Serve = Callable[[int, object], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that answers every request with this status and body; its address."""
    servers = []

    def start(status: int, body: object) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        server = ThreadingHTTPServer((HOST, 0), Answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"{HOST}:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_each_part_of_airflow_is_judged_by_its_own_state(serve: Serve):
    address = serve(200, {"metadatabase": {"status": "healthy"}, "scheduler": {"status": "unhealthy"}})
    assert airflow_troubles(address, ("metadatabase",)) == []
    assert airflow_troubles(address) == ["Airflow scheduler", "Airflow triggerer", "Airflow dag_processor"]


def test_a_dashboard_without_a_snapshot_is_up_and_one_that_fails_is_not(serve: Serve):
    assert dash_troubles(serve(200, {})) == []
    assert dash_troubles(serve(503, {})) == []
    assert "500" in dash_troubles(serve(500, {}))[0]


@pytest.mark.slow
def test_nobody_who_answers_is_a_trouble_with_the_address(monkeypatch: pytest.MonkeyPatch):
    nobody = f"{HOST}:{free_port()}"
    with pytest.raises(CartonCapsError, match=f"No good answer from dashboard at {nobody} "):
        main(["dash", nobody])
    monkeypatch.setenv("CARTON_API", nobody)
    with pytest.raises(CartonCapsError, match=f"No good answer from Airflow UI at {nobody} "):
        main(["airflow", "scheduler"])
    monkeypatch.setenv("CARTON_BROKER", nobody)
    monkeypatch.setenv("CARTON_BROKER_PASSWORD", "secret")
    with pytest.raises(CartonCapsError, match="No good answer from the broker") as refused:
        main(["worker", "writer"])
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("arguments", [[], ["dash"], ["redis", "here"]])
def test_what_cannot_be_checked_is_refused(arguments: list[str]):
    with pytest.raises(CartonCapsError, match="Name what to check"):
        main(arguments)
