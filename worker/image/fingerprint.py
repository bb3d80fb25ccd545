"""A picture's perceptual hash: near pictures have near hashes, whatever their file format and size."""

import numpy as np
from PIL import Image

from worker.image.decode import Picture


def difference_hash(picture: Picture) -> str:
    """The 64-bit difference hash (N. Krawetz, 2013) as 16 hexadecimal digits.

    One bit per neighbouring pair in an 8 × 9 grey miniature: is the left one brighter?
    """
    grey = np.asarray(Image.fromarray(picture.rgb).convert("L").resize((9, 8), Image.Resampling.LANCZOS), dtype=int)
    bits = (grey[:, :-1] > grey[:, 1:]).ravel()
    return np.packbits(bits).tobytes().hex()
