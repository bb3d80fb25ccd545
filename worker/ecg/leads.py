"""The twelve standard leads, in the orders in which sheets show them."""

from typing import Final

STANDARD_LEADS: Final = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
# Neighbours in the frontal plane; -aVR is aVR upside down.
CABRERA_LEADS: Final = ("aVL", "I", "-aVR", "II", "aVF", "III", *STANDARD_LEADS[6:])
