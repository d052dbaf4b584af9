"""The health of the pipeline for a person: what is loaded, built and published, and what wants attention."""

from __future__ import annotations

from include.build import GOOD_STATUSES
from include.settings import Paths
from include.warehouse import connect


def status(paths: Paths) -> str:
    """Lines to print; each one that wants attention names the command that mends it."""
    if not paths.warehouse.exists():
        return (
            f"No warehouse yet below {paths.root}.\n"
            "Make one: python -m include.pipeline run --start YYYY-MM-DD --end YYYY-MM-DD"
        )
    lines = [f"Data root   {paths.root}"]
    with connect(paths, read_only=True) as con:
        first, newest, days, newest_load = con.execute(
            "select min(ds), max(ds), count(*), max(load_id) from ops.landing_days"
        ).fetchall()[0]
        if newest is None:
            return "\n".join([*lines, "Loaded      nothing yet"])
        files, rows, quarantined = con.execute(
            "select count(*), coalesce(sum(rows_loaded), 0), coalesce(sum(rows_quarantined), 0) from ops.landing_files"
        ).fetchall()[0]
        lines.append(f"Loaded      {days} landing days, {first} .. {newest}: {files} files, {rows:,.0f} rows")
        missing = (newest - first).days + 1 - days
        if missing:
            lines.append(f"! Missing   {missing} days between them were never delivered (no _SUCCESS file)")
        if quarantined:
            lines.append(f"! Quarantine {quarantined:,.0f} rows; see raw.quarantine for their reasons")
        builds = con.execute(
            "select builds.build_id, builds.as_of, builds.covered_load_id,"
            " count(*) filter (where not list_contains(?, nodes.status)), count(*) filter (where nodes.status = 'warn')"
            " from ops.builds as builds inner join ops.build_nodes as nodes using (build_id)"
            " group by all order by any_value(builds.planned_at) desc limit 1",
            [list(GOOD_STATUSES)],
        ).fetchone()
        if builds:
            build_id, as_of, covered, bad, warned = builds
            lines.append(f"Built       {build_id}, as of {as_of}; {bad} nodes not good, {warned} warnings")
            if bad or covered < newest_load:
                lines.append(
                    f"! Rebuild   python -m include.pipeline run --source landing --start {newest} --end {newest}"
                )
        published = con.execute(
            "select file_name, published_at, as_of from ops.publications order by published_at desc limit 1"
        ).fetchone()
        lines.append(
            f"Published   {published[0]} at {published[1]:%Y-%m-%d %H:%M} UTC"
            if published
            else "Published   nothing yet"
        )
    return "\n".join(lines)
