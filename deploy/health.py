"""Whether the servers answer, over HTTP: what both installations ask."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

AIRFLOW_PARTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")


def airflow_troubles(address: str, parts: tuple[str, ...] = AIRFLOW_PARTS) -> list[str]:
    """What is wrong with Airflow as its API server at ``host:port`` sees it; empty when all ``parts`` are healthy."""
    try:
        with urllib.request.urlopen(f"http://{address}/api/v2/monitor/health", timeout=5) as answer:
            health = dict(json.load(answer))
    except (OSError, ValueError) as error:
        return [f"Airflow UI at {address} ({error})"]
    return [f"Airflow {part}" for part in parts if health.get(part, {}).get("status") != "healthy"]


def dash_troubles(address: str) -> list[str]:
    """What is wrong with the dashboard at ``host:port``; empty when it answers."""
    try:
        with urllib.request.urlopen(f"http://{address}/healthz", timeout=5):
            return []
    except urllib.error.HTTPError as error:
        # Without a snapshot the dashboard says 503: it is up, and its pages say what is missing.
        return [] if error.code == 503 else [f"dashboard at {address} ({error})"]
    except OSError as error:
        return [f"dashboard at {address} ({error})"]
