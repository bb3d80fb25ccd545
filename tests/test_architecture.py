"""The house rules that a machine can check."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

IMPORT_EVERY_WEB_MODULE = """
import os, pkgutil, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
import django
django.setup()
import importlib
import portal.urls
worker_alone = {"classify.tasks", "classify.explanations.tasks", "classify.labels.tasks", "classify.labels.work"}
for package in ("portal", "patients", "classify"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if module.name not in worker_alone:
            importlib.import_module(module.name)
heavy = {"tensorflow", "keras", "numpy", "cv2", "scipy", "worker.pipeline"} & set(sys.modules)
sys.exit(f"a web process would load {sorted(heavy)}" if heavy else 0)
"""


def test_no_web_module_loads_the_model_or_numpy():
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERY_WEB_MODULE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]


def test_imports_run_one_way():
    lint_imports = Path(sys.executable).parent / "lint-imports"
    ended = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:]


def test_every_model_change_has_its_migration(django_db_blocker):
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
