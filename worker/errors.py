"""The known ends of a picture that did not become a result to rely on: one exception, one code each.

The code says what is wrong with the input; the outcome says whose turn it is.  Sentences for people
live with the pages (``classify/reasons.py``), so that they can be translated.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from worker.tracing import Tracing


class Outcome(StrEnum):
    REFUSED = "refused"  # the input's fault: another file is needed
    NEEDS_PERSON = "needs_person"  # readable by people only
    FAILED = "failed"  # ours


OUTCOME_OF_CODE: Final[dict[str, Outcome]] = {
    # The file
    "empty_file": Outcome.REFUSED,
    "truncated": Outcome.REFUSED,
    "unsupported_type": Outcome.REFUSED,
    "type_mismatch": Outcome.REFUSED,
    "too_large": Outcome.REFUSED,
    "too_many_pixels": Outcome.REFUSED,
    "too_small": Outcome.REFUSED,
    "encrypted": Outcome.REFUSED,
    "undecodable": Outcome.REFUSED,
    "too_many_pages": Outcome.REFUSED,
    "no_such_page": Outcome.REFUSED,
    # The picture
    "blank_picture": Outcome.REFUSED,
    "not_an_ecg": Outcome.REFUSED,
    # An ECG, but one for people to read
    "several_leads": Outcome.NEEDS_PERSON,
    "dark_background": Outcome.NEEDS_PERSON,
    "no_grid": Outcome.NEEDS_PERSON,
    "speed_unclear": Outcome.NEEDS_PERSON,
    "squares_unclear": Outcome.NEEDS_PERSON,
    "part_of_sheet": Outcome.NEEDS_PERSON,
    "side_unclear": Outcome.NEEDS_PERSON,
    "trace_unclear": Outcome.NEEDS_PERSON,
    "no_beats_found": Outcome.NEEDS_PERSON,
    "low_resolution": Outcome.NEEDS_PERSON,
    "written_over": Outcome.NEEDS_PERSON,
    # What went wrong when it was taken, and explains why it was not read
    "several_pages": Outcome.NEEDS_PERSON,
    "too_dark": Outcome.NEEDS_PERSON,
    "glare": Outcome.NEEDS_PERSON,
    "cut_off": Outcome.NEEDS_PERSON,
    "blurred": Outcome.NEEDS_PERSON,
    # An answer that the model itself does not trust: ``EcgResult.reason``, never raised
    "too_many_unsure": Outcome.NEEDS_PERSON,
    # Ours, or the command line's
    "unreadable_file": Outcome.FAILED,
    "timeout": Outcome.FAILED,
    "worker_lost": Outcome.FAILED,
    "internal": Outcome.FAILED,
}


# What a code says of the picture by itself
KIND_OF_CODE: Final[dict[str, str]] = {
    "blank_picture": "not_ecg",
    "not_an_ecg": "not_ecg",
    "several_leads": "sheet",
    "dark_background": "screen",
}


class EcgError(Exception):
    """A picture ends without a result, for a known reason.

    Parameters
    ----------
    code : str
        A key of ``OUTCOME_OF_CODE``.
    detail : str
        What was expected and what came, for logs and developers; never anything of a patient.
    kind : str or None
        The kind of picture, where it was recognised before it ended.
    found : Tracing or None
        What was read before it ended.
    """

    def __init__(self, code: str, detail: str = "", *, kind: str | None = None, found: "Tracing | None" = None) -> None:
        if code not in OUTCOME_OF_CODE:
            raise ValueError(f"unknown EcgError code: expected one of OUTCOME_OF_CODE. Received: {code!r}")
        super().__init__(code, detail)  # what it is made anew from in another process
        self.code = code
        self.detail = detail
        self.found = found
        self.kind = kind or KIND_OF_CODE.get(code)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code

    @property
    def outcome(self) -> Outcome:
        return OUTCOME_OF_CODE[self.code]
