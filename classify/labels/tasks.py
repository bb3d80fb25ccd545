"""What a worker does for an export of labels, a few recordings at a time, so that no doctor waits for it."""

import io
import logging
import shutil
import time
import zipfile
from pathlib import Path
from typing import Final

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error as AnyDatabaseError
from django.db import transaction
from django.utils import timezone

from classify.doorbell import doorbell_ring
from classify.files import StoredFiles
from classify.labels.models import LabelExport
from classify.labels.services import (
    TASK,
    export_claim,
    export_complete,
    export_fail,
    export_put_back,
    exports_are_due,
)
from classify.labels.work import export_work, export_write
from classify.tasks import place_of

log = logging.getLogger(__name__)

TURN_S: Final = 4.0


@shared_task(name=TASK)
def label_exports_work() -> None:
    """One turn; then the doorbell, behind whatever came in meanwhile."""
    try:
        export = export_claim(at=timezone.now())
        if export is None:
            return
        export_turn(export, turn_s=TURN_S)
        if exports_are_due():
            doorbell_ring(TASK)
    except AnyDatabaseError as error:  # nothing can be written now: the lease runs out and the sweeper rings again
        log.error("The database failed: %s.", place_of(error))


def export_turn(export: LabelExport, *, turn_s: float) -> None:
    folder = spool(export)
    ends_at = time.monotonic() + turn_s
    try:
        if not export_work(export, folder, enough=lambda: time.monotonic() >= ends_at, now=timezone.now):
            return export_put_back(export)
        package_store(export, folder)
    except AnyDatabaseError:
        raise
    except (Exception, SoftTimeLimitExceeded) as error:
        log.error("Export %s failed: %s.", export.pk, place_of(error))
        export_fail(export, at=timezone.now())
    shutil.rmtree(folder, ignore_errors=True)


def spool(export: LabelExport) -> Path:
    """Where the package grows from turn to turn; another machine's worker begins anew in its own."""
    folder: Path = settings.VAR_DIR / "label_exports" / str(export.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def package_store(export: LabelExport, folder: Path) -> None:
    now = timezone.now()
    checksum = export_write(export, folder, at=now)
    with StoredFiles() as files, transaction.atomic():
        package = files.save(zipped(folder, f"labels-{checksum[:12]}")) if checksum else ""
        if export_complete(export, checksum=checksum, package=package, at=now):
            files.keep()


def zipped(folder: Path, name: str) -> bytes:
    """The package as one file that unpacks to a folder of its name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.writestr(zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}"), path.read_bytes())
    return out.getvalue()
