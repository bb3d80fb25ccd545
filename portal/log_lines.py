"""Log lines without anything of a patient: errors by type and place, requests by the address's pattern.

An error's text may quote a row ("Key (mrn)=(…) already exists"), a path may hold whatever somebody typed or the token
of a link.
"""

import copy
import logging
import traceback
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = copy.copy(record)  # other handlers keep theirs
        line.exc_text = None
        request = getattr(record, "request", None)
        if request is not None and hasattr(request, "method"):
            line.msg, line.args = request_sentence(request, getattr(record, "status_code", None)), None
        elif isinstance(line.args, dict) and "exc" in line.args:  # Celery's, of a task that failed
            line.args = {**line.args, "exc": "see below", "traceback": ""}
        return super().format(line)

    def formatException(self, ei: ExcInfo) -> str:
        return "\n".join(_places(ei[1]))


def request_sentence(request: Any, status: int | None) -> str:
    match = getattr(request, "resolver_match", None)
    address = f"/{match.route}" if match else "no known address"
    return f"{status or 'Refused'} {request.method} {address}"


def _places(error: BaseException | None) -> list[str]:
    """The error and those it came from, each with where it was raised; never with its text."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines.append(type(error).__name__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in _frames(error)]
        error = error.__cause__ or error.__context__
    return lines


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)
