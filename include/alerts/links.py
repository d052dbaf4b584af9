"""Addresses of the web app and of Airflow, as a reader of a mail can open them."""

from __future__ import annotations

from urllib.parse import quote

from include.settings_list import value


def page_url(page: str = "/") -> str:
    """A page of the web app. CARTON_DASH_URL is its public address, else this machine's port."""
    return f"{_base('CARTON_DASH_URL', 'CARTON_DASH_PORT')}/{page.lstrip('/')}"


def run_url(dag_id: str, run_id: str) -> str:
    """A run in Airflow. CARTON_AIRFLOW_URL is its public address, else this machine's port."""
    return f"{dag_url(dag_id)}/runs/{quote(run_id, safe='')}"


def dag_url(dag_id: str) -> str:
    """A DAG in Airflow."""
    return f"{_base('CARTON_AIRFLOW_URL', 'CARTON_AIRFLOW_PORT')}/dags/{quote(dag_id, safe='')}"


def _base(url_variable: str, port_variable: str) -> str:
    return (value(url_variable) or f"http://127.0.0.1:{value(port_variable)}").rstrip("/")
