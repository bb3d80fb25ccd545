"""The Celery app. Web code only sends tasks by name; a worker also loads ``classify.tasks``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("beatline")
app.config_from_object("django.conf:settings", namespace="CELERY")
