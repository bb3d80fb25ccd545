"""Sheets of a made-up heart, for tests."""

import numpy as np

from worker.ecg.leads import STANDARD_LEADS
from worker.generator.sheet_picture import sheet_picture


def leads_of_a_heart(seconds=10.0, fs=250.0):
    t = np.arange(int(seconds * fs)) / fs
    since_r = (t + 0.4) % 0.8 - 0.4
    beats = np.exp(-((since_r / 0.012) ** 2)) + 0.15 * np.exp(-(((since_r - 0.2) / 0.05) ** 2))
    return {lead: (0.4 + 0.1 * number) * beats for number, lead in enumerate(STANDARD_LEADS)}, fs


def drawn(level, seed, layout="3x4+1", style=None):
    leads, fs = leads_of_a_heart()
    return sheet_picture(leads, fs, level=level, rng=np.random.default_rng(seed), layout=layout, style=style)
