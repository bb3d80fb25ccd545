"""Confirmed labels as packages for training. It reads pictures: run it where the worker's packages are installed."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from classify.labels.models import LabelExport
from classify.labels.services import LabelsError, export_claim, export_complete, export_fail, export_request
from portal.accounts.models import Hospital


class Command(BaseCommand):
    help = (
        "Writes the labels that physicians confirmed or corrected and no earlier export holds, one package for each "
        "hospital. Run it in the worker's container."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="folder in which the packages are made")
        parser.add_argument("--since", type=day, help="leave out what was signed before this day (2026-11-24, UTC)")
        parser.add_argument("--hospital", help="the hospital's name (default: every hospital)")
        parser.add_argument("--again", action="store_true", help="also what earlier exports hold: for a lost package")

    def handle(self, *args: Any, out: Path, since: datetime | None, hospital: str | None, **options: Any) -> None:
        for chosen in hospitals(hospital):
            try:
                export = export_request(
                    hospital=chosen, actor=None, at=timezone.now(), since=since, again=options["again"]
                )
            except LabelsError as error:
                self.stdout.write(f"{chosen.name}: {error}")
                continue
            folder = package_make(export, out)
            export.refresh_from_db()
            self.stdout.write(f"{chosen.name}: {words(export)}" + (f"\n  {folder}" if folder else ""))


def hospitals(name: str | None) -> list[Hospital]:
    found = list(Hospital.objects.filter(name=name) if name else Hospital.objects.order_by("name"))
    if not found:
        raise CommandError(f"There is no hospital named {name!r}." if name else "There is no hospital yet.")
    return found


def package_make(export: LabelExport, out: Path) -> Path | None:
    """The finished package's folder, or None where no recording could be read any more."""
    from classify.labels.work import export_work, export_write

    claimed = export_claim(at=timezone.now(), export=export)
    if claimed is None:
        raise CommandError("A worker has taken this export: it stands on the page of labels.")
    unfinished = out / f".unfinished-{uuid4().hex}"
    unfinished.mkdir(parents=True)
    try:
        export_work(claimed, unfinished, enough=lambda: False, now=timezone.now)
        checksum = export_write(claimed, unfinished, at=timezone.now())
        folder = package_place(unfinished, out, checksum) if checksum else None
        export_complete(claimed, checksum=checksum, package="", at=timezone.now())
    except BaseException:
        export_fail(claimed, at=timezone.now())
        raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def package_place(unfinished: Path, out: Path, checksum: str) -> Path:
    """Named by what is in it, so that the same labels exported again are the same package."""
    folder = out / f"labels-{checksum[:12]}"
    if not folder.exists():
        unfinished.rename(folder)
    return folder


def words(export: LabelExport) -> str:
    classes = " ".join(f"{name} {count}" for name, count in export.counts.items())
    left_out = ", ".join(f"{reason} {count}" for reason, count in export.left_out.items())
    said = f"{export.beats} labels ({classes})" if export.beats else "no label could be exported"
    return said + (f"; left out: {left_out}" if left_out else "")


def day(text: str) -> datetime:
    return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), datetime.min.time(), UTC)
