"""What the worker makes of a picture for the eye: upright, without metadata, under random names."""

from dataclasses import dataclass

from classify.files import StoredFiles
from classify.models import Recording


@dataclass(frozen=True, slots=True)
class RecordingImages:
    """``display`` is a JPEG or PNG, ``thumbnail`` a PNG; ``perceptual_hash`` is 16 hexadecimal digits."""

    display: bytes
    thumbnail: bytes
    width_px: int
    height_px: int
    perceptual_hash: str


def images_set(recording: Recording, images: RecordingImages | None, files: StoredFiles) -> None:
    """An earlier attempt's images stay: the picture is the same."""
    if images is None or recording.display:
        return
    Recording.objects.filter(pk=recording.pk).update(
        display=files.save(images.display),
        thumbnail=files.save(images.thumbnail),
        width_px=images.width_px,
        height_px=images.height_px,
        perceptual_hash=images.perceptual_hash,
    )
