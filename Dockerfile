# One image for web, worker, beat, live and migrate; docker-compose.yml says which is which.
# Built and run by `python -m drills containers`: see docs/running.md.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never PYTHONDONTWRITEBYTECODE=1
RUN pip install --no-cache-dir uv
WORKDIR /app
COPY pyproject.toml uv.lock ./
# Without the groups: the embedded servers and the tools are for development. For traces, build with
# --build-arg GROUPS="--group traces" (docs/observability.md).
ARG GROUPS=""
RUN uv sync --frozen --no-default-groups $GROUPS
COPY . .
RUN .venv/bin/python -m runtime.catalogues \
    && SECRET_KEY=only-for-this-build VAR_DIR=/app/var .venv/bin/python manage.py collectstatic --no-input \
    && rm -rf /app/var/keys

FROM ${PYTHON_IMAGE}
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=crm.config.settings VAR_DIR=/app/var
RUN groupadd --gid 10001 crm && useradd --uid 10001 --gid crm --home-dir /app --no-create-home crm
COPY --from=build --chown=root:root /app /app
RUN mkdir -p /app/var/files && chown crm:crm /app/var /app/var/files
USER crm
WORKDIR /app
EXPOSE 8000 8001
# Workers' heartbeats go to memory: a slow disk must not look like a dead worker.
CMD ["gunicorn", "--config=python:crm.config.web_server", "crm.config.wsgi", "--bind=0.0.0.0:8000", "--workers=2", \
     "--threads=8", "--graceful-timeout=25", "--worker-tmp-dir=/dev/shm"]
