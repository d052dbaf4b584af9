"""Spark set up for tables of a few rows: what pays for itself on large ones costs most of the time on these."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

#: Java compiles less thoroughly, Spark compiles no stage of its own: the same rows.
QUICK = "spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC\nspark.sql.codegen.wholeStage false\n"


@pytest.fixture(scope="session", autouse=True)
def quick_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    conf = tmp_path_factory.mktemp("spark-conf")
    (conf / "spark-defaults.conf").write_text(QUICK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(conf))
        patch.setenv("CARTON_SPARK_MEMORY", "1g")
        patch.setenv("CARTON_SPARK_PARTITIONS", "2")
        yield
