# The one image of a team's installation: Airflow, dbt and Dash, as locked in requirements.txt.
FROM python:3.11-slim-bookworm

# As in the Makefile: uv makes the environment. One layer that changes only with the lock. Compiled here: the services
# may not write beside the packages, and every process would compile Airflow and dbt anew.
COPY requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir uv \
    && uv venv --quiet --python /usr/local/bin/python3.11 /opt/venv \
    && uv pip sync --no-cache --compile-bytecode --python /opt/venv/bin/python /tmp/requirements.txt

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/carton-caps \
    PYTHONUNBUFFERED=1 \
    DO_NOT_TRACK=1 \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false \
    AIRFLOW_HOME=/var/lib/airflow \
    CARTON_DATA_DIR=/data

# A new named volume takes owner and mode of the folder that it covers.
RUN useradd --system --uid 10001 --create-home carton \
    && mkdir -p /var/lib/airflow/logs /data/landing/review_decisions /data/archive /data/warehouse /data/serving \
       /data/alerts /data/backup /data/truth /data/access \
    && chown -R carton:carton /var/lib/airflow /data

WORKDIR /opt/carton-caps
COPY . .
# The DAGs draw their tasks from the manifest. The code is root's: services read it, whatever the host's umask was.
RUN python -m compileall -q dags dash_app deploy embedded include && python -m embedded.manifest && chmod -R a+rX .

USER carton
