"""Airflow's REST interface as the tests ask it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import quote

import pytest


class AirflowApi:
    """The interface of one installation at ``http://host:port``, for one person."""

    def __init__(self, address: str, user: str, password: str, server_log: Callable[[], str]) -> None:
        self.base = f"http://{address}"
        self.log_in = {"username": user, "password": password}
        self.server_log = server_log

    def get(self, path: str) -> dict[str, Any]:
        """A GET below ``/api/v2``."""
        return self._request("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A POST."""
        return self._request("POST", path, body)

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A PATCH."""
        return self._request("PATCH", path, body)

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """All runs of a DAG, the newest last."""
        return self.get(f"/dags/{dag_id}/dagRuns?order_by=run_after")["dag_runs"]

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Every task of one run."""
        path = f"/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances?limit=100"
        found: list[dict[str, Any]] = []
        while True:
            page = self.get(f"{path}&offset={len(found)}")
            found += page["task_instances"]
            if len(found) >= page["total_entries"]:
                return found

    def finished_run(self, dag_id: str, wanted: Callable[[dict[str, Any]], bool], seconds: int = 180) -> dict[str, Any]:
        """Wait until a run of the DAG that is wanted has ended, and return it."""

        def ended() -> dict[str, Any] | None:
            runs = [run for run in self.runs(dag_id) if wanted(run) and run["state"] in ("success", "failed")]
            return runs[-1] if runs else None

        return until(ended, seconds, lambda: f"{dag_id}: {self.runs(dag_id)}\n{self.server_log()}")

    @cached_property
    def _token(self) -> str:
        return call("POST", f"{self.base}/auth/token", self.log_in, {})["access_token"]

    def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return call(method, f"{self.base}/api/v2{path}", body, {"Authorization": f"Bearer {self._token}"})


def until(question: Callable[[], Any], seconds: int, otherwise: Callable[[], str]) -> Any:
    """Ask until the answer is not empty, and return it; fail with what is known when the time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {otherwise()}")
        time.sleep(1)
    return answer


def call(method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> dict[str, Any]:
    """The answer as JSON; fails with the server's words when it refuses."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        pytest.fail(f"{method} {url}: {error.code} {error.read().decode()[:500]}")
