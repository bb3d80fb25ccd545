# syntax=docker/dockerfile:1
# Three images from one file: web (no numpy, no TensorFlow), worker (CPU), worker-gpu.
#   docker build --target web .

ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PATH=/opt/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=portal.settings BEATLINE_PROFILE=production BEATLINE_VAR=/data STATIC_ROOT=/app/staticfiles
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin beatline \
    && install -d -o beatline -g beatline -m 0700 /data
WORKDIR /app

# --- Packages, from the hash-checked locks ---
FROM base AS packages
RUN python -m venv /opt/venv
COPY requirements/ requirements/

FROM packages AS packages-web
RUN pip install --no-cache-dir --require-hashes -r requirements/web.txt

FROM packages AS packages-worker
RUN pip install --no-cache-dir --require-hashes -r requirements/worker.txt

FROM packages AS packages-worker-gpu
RUN pip install --no-cache-dir --require-hashes -r requirements/gpu.txt

# --- The code; .dockerignore keeps var/, .git and tests out ---
FROM base AS code
COPY manage.py ./
COPY portal/ portal/
COPY patients/ patients/
COPY classify/ classify/
COPY worker/ worker/
COPY templates/ templates/
COPY static/ static/

FROM code AS web
COPY --from=packages-web /opt/venv /opt/venv
# Collecting reads the settings but needs neither a database nor a broker, so these name none.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=sqlite:////tmp/none REDIS_URL=redis://none BEATLINE_VAR=/tmp/none \
    python manage.py collectstatic --noinput
USER beatline
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--config", "portal/ops/gunicorn_conf.py"]

FROM code AS worker
COPY --from=packages-worker /opt/venv /opt/venv
USER beatline
VOLUME /data
CMD ["celery", "-A", "portal", "worker", "--pool", "prefork", "--concurrency", "1", "-Q", "ecg", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]

FROM code AS worker-gpu
COPY --from=packages-worker-gpu /opt/venv /opt/venv
# TensorFlow takes the whole card otherwise.
ENV TF_FORCE_GPU_ALLOW_GROWTH=true
USER beatline
VOLUME /data
CMD ["celery", "-A", "portal", "worker", "--pool", "prefork", "--concurrency", "1", "-Q", "ecg", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
