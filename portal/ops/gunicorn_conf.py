"""gunicorn's settings in production; each can be changed in the environment."""

import os

bind = f"{os.environ.get('WEB_BIND', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104  a container's own network
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
max_requests = 5000
max_requests_jitter = 500
# In memory: a slow disk must not look like a hung process.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# No access log: who looked at what is in the audit trail, not in a text file.
accesslog = None
errorlog = "-"
control_socket_disable = True
