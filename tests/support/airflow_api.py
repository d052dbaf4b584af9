"""Airflow's REST interface as the tests ask it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import quote

import pytest


class AirflowApi(ABC):
    """An installation whose Airflow can be asked. It says where Airflow is, who asks, and what its servers printed."""

    @property
    @abstractmethod
    def airflow_address(self) -> str:
        """``host:port`` of the API server."""

    @property
    @abstractmethod
    def airflow_password(self) -> str:
        """The password of the user ``admin``."""

    @abstractmethod
    def server_log(self) -> str:
        """The end of what the servers printed."""

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

    def task_instances(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Every task of one run."""
        path = f"/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances?limit=100"
        found: list[dict[str, Any]] = []
        while True:
            page = self.get(f"{path}&offset={len(found)}")
            found += page["task_instances"]
            if len(found) >= page["total_entries"]:
                return found

    def tasks(self, dag_id: str, run_id: str) -> dict[str, str | None]:
        """Task id -> state of one run."""
        return {task["task_id"]: task["state"] for task in self.task_instances(dag_id, run_id)}

    def finished_run(self, dag_id: str, wanted: Callable[[dict[str, Any]], bool], seconds: int = 600) -> dict[str, Any]:
        """Wait until a run of the DAG that is wanted has ended, and return it."""

        def ended() -> dict[str, Any] | None:
            runs = [run for run in self.runs(dag_id) if wanted(run) and run["state"] in ("success", "failed")]
            return runs[-1] if runs else None

        return until(ended, seconds, lambda: f"{dag_id}: {self.runs(dag_id)}\n{self.server_log()}")

    def clear(self, dag_id: str, run_id: str, *task_ids: str) -> None:
        """Clear tasks of a run with everything downstream of them, as a person does in the UI; without any, all."""
        body = {"dry_run": False, "dag_run_id": run_id, "only_failed": False, "reset_dag_runs": True}
        named = {"task_ids": list(task_ids), "include_downstream": True} if task_ids else {}
        self.post(f"/dags/{dag_id}/clearTaskInstances", body | named)

    @cached_property
    def _token(self) -> str:
        log_in = {"username": "admin", "password": self.airflow_password}
        return _call("POST", f"http://{self.airflow_address}/auth/token", log_in, {})["access_token"]

    def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        url = f"http://{self.airflow_address}/api/v2{path}"
        return _call(method, url, body, {"Authorization": f"Bearer {self._token}"})


def until(question: Callable[[], Any], seconds: int, otherwise: Callable[[], str]) -> Any:
    """Ask until the answer is not empty, and return it; fail with what is known when the time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {otherwise()}")
        time.sleep(1)
    return answer


def _call(method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        pytest.fail(f"{method} {url}: {error.code} {error.read().decode()[:500]}")
