"""``digitise``: the curves of some pictures as WFDB, CSV and JSON."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from worker.commands.pictures import Commands, Opened, add_picture_options, opened, reason_dict
from worker.errors import EcgError


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("digitise", help="write the curves of some pictures as WFDB, CSV and JSON")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the files")
    add_picture_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"--out: expected a folder. Received: {args.out} ({error.strerror})", file=sys.stderr)
        return 1
    failed = False
    for path in args.pictures:
        document = digitised(opened(path, args), args.out)
        failed |= document["state"] == "failed"
        print(_readable(document), flush=True)
    return 1 if failed else 0


def digitised(asked: Opened, out: Path) -> dict[str, Any]:
    """Read one picture and write its files.

    Returns
    -------
    dict
        What its JSON file holds.
    """
    from worker.digitise.folder import Source, name_free

    source = Source(str(asked.path), asked.sha256, asked.page, asked.pages)
    name = name_free(out, source)
    document = {"file": source.file, "sha256": source.sha256, "page": source.page, **_read(asked, out, name)}
    document["files"] = [*document["files"], f"{name}.json"]
    (out / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return document


def _read(asked: Opened, out: Path, name: str) -> dict[str, Any]:
    from worker.image.read import read_picture
    from worker.image.told import told_dict

    try:
        if isinstance(asked.request, EcgError):
            raise asked.request
        reading = read_picture(asked.request.picture, asked.request.told)
    except EcgError as error:
        return {"state": str(error.outcome), "reason": reason_dict(error.code), "kind": error.kind, "files": []}
    return {"state": "done", "reason": None, "told": told_dict(asked.request.told), **_written(reading, out, name)}


def _written(reading: Any, out: Path, name: str) -> dict[str, Any]:
    from worker.digitise.csv_table import csv_written
    from worker.digitise.description import description_of
    from worker.digitise.table import table_of
    from worker.digitise.wfdb_record import wfdb_written
    from worker.image.traced import tracing_of

    tracing = tracing_of(reading)
    table = table_of(tracing)
    files = [csv_written(out, name, table)]
    if table.fs is not None and table.has_voltage:
        files += wfdb_written(out, name, table)
    return {**description_of(reading, tracing, table), "files": files}


def _readable(document: dict[str, Any]) -> str:
    lines = [document["file"]]
    if document["reason"]:
        lines.append(f"  {document['state'].replace('_', ' ')}: {document['reason']['sentence']}")
    else:
        names = ", ".join(lead["name"] for lead in document["leads"])
        lines.append(f"  {document['kind']}, {document['layout']}: {names}; quality {document['quality']}")
        lines += [f"  {note['sentence']}" for note in document["notes"]]
    return "\n".join([*lines, f"  {' '.join(document['files'])}"])
