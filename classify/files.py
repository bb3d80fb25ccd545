"""Files written before the rows that name them: gone again where the rows do not come to be."""

from types import TracebackType

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from classify.models.recording import recording_path


class StoredFiles:
    """Use it around the transaction: whatever was saved and not kept is deleted at the end.

    >>> with StoredFiles() as files, transaction.atomic():
    ...     row.original = files.save(data)
    ...     files.keep()
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._kept = False

    def __enter__(self) -> "StoredFiles":
        return self

    def save(self, data: bytes) -> str:
        name = default_storage.save(recording_path(), ContentFile(data))
        self._names.append(name)
        return name

    def keep(self) -> None:
        """The rows that name the files are about to be committed; an error in the commit itself still deletes them."""
        self._kept = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._kept and error is None:
            return
        for name in self._names:
            default_storage.delete(name)
