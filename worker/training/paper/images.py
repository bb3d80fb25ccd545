"""From drawings to the images of the published networks, and their augmentations."""

from typing import Final

import cv2
import keras
import numpy as np

from worker.model.layers import LineDrawing

DRAWN_PX: Final = 128
CROP_PX: Final = 96
# Nine places of a 96x96 crop in a 128x128 image: left, centre, right by top, centre, bottom.
CROP_OFFSETS: Final = tuple((top, left) for top in (0, 16, 32) for left in (0, 16, 32))
WHOLE: Final = -1

SHEAR_DEGREES: Final = 0.2
ZOOM: Final = 0.2

_PEN = LineDrawing(DRAWN_PX)


def images_drawn(columns: np.ndarray) -> np.ndarray:
    """Gray 128x128 images, drawn by the very layer that draws inside the served network.

    Parameters
    ----------
    columns : ndarray, shape (n, 1, 128, 2)
        See ``worker.ecg.drawing.crop_columns``.

    Returns
    -------
    ndarray of float32, shape (n, 128, 128)
        Ink, 0 to 1.
    """
    drawn = keras.ops.convert_to_numpy(_PEN(columns.astype(np.float32)))
    return np.asarray(drawn[..., 0], dtype=np.float32)


def images_sized(images: np.ndarray, crops: np.ndarray, size_px: int) -> np.ndarray:
    """Whole images or one of their nine crops, at a network's size.

    Source of the crops: Jun et al. 2018, arXiv 1804.06812, section 3.1.

    Parameters
    ----------
    images : ndarray, shape (n, 128, 128)
    crops : ndarray of int, shape (n,)
        Index into ``CROP_OFFSETS``, or ``WHOLE``.
    size_px : int

    Returns
    -------
    ndarray of float32, shape (n, size_px, size_px, 1)
    """
    return np.stack([_sized(_cropped(image, crop), size_px) for image, crop in zip(images, crops, strict=True)])


def images_whole(columns: np.ndarray, size_px: int) -> np.ndarray:
    """Images of our drawings at a network's size, uncropped, shape (n, size_px, size_px, 1)."""
    return images_sized(images_drawn(columns), np.full(len(columns), WHOLE), size_px)


def _cropped(image: np.ndarray, crop: int) -> np.ndarray:
    if crop == WHOLE:
        return image
    top, left = CROP_OFFSETS[crop]
    return image[top : top + CROP_PX, left : left + CROP_PX]


def _sized(image: np.ndarray, size_px: int) -> np.ndarray:
    smaller = size_px < image.shape[0]
    # Area averaging keeps a thin line's ink where pixels are lost; linear where they are gained.
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return cv2.resize(np.ascontiguousarray(image), (size_px, size_px), interpolation=method)[..., None]


def images_sheared(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The original application's augmentation: shear 0.2 degrees, zoom 0.8 to 1.2, half of them mirrored.

    As Keras's ``ImageDataGenerator(shear_range=0.2, zoom_range=0.2, horizontal_flip=True)`` read these numbers;
    what the transform uncovers repeats the edge.  A mirrored ECG is the ECG of another heart: its T wave comes
    before its QRS, and a delta wave ends it.  The flip stands here because the original had it, and nowhere else.

    Parameters
    ----------
    images : ndarray, shape (n, height, width, 1)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float32, shape (n, height, width, 1)
    """
    return np.stack([_sheared(image[..., 0], rng) for image in images])[..., None].astype(np.float32)


def _sheared(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    height, width = image.shape
    shear = np.deg2rad(rng.uniform(-SHEAR_DEGREES, SHEAR_DEGREES))
    zoom_x, zoom_y = rng.uniform(1 - ZOOM, 1 + ZOOM, 2)
    mirrored = -1.0 if rng.random() < 0.5 else 1.0
    linear = np.array([[mirrored * zoom_x, -np.sin(shear)], [0.0, np.cos(shear) * zoom_y]])
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    matrix = np.column_stack([linear, middle - linear @ middle])
    # Keras's matrix, too, leads from a pixel of the new image to its place in the old one.
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
