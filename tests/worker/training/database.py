"""A made-up database in WFDB's format: records with the names of real ones, for tests that must not need the data."""

from pathlib import Path

import numpy as np
import wfdb

FS_HZ = 360.0
NARROW = ((-0.17, 0.022, 0.12), (-0.028, 0.009, -0.10), (0.0, 0.011, 1.1), (0.030, 0.010, -0.22), (0.26, 0.05, 0.28))
WIDE = ((-0.02, 0.035, 1.2), (0.075, 0.04, -0.5), (0.30, 0.07, -0.35))


def database_written(folder: Path, names: tuple[str, ...] = ("106", "114"), seconds: float = 60.0) -> Path:
    """Regular sinus rhythm, every fifth beat an early PVC; MLII and V1."""
    for seed, name in enumerate(names):
        rng = np.random.default_rng(seed)
        r_s = 0.7 + 0.8 * np.arange(int((seconds - 1.4) / 0.8))
        symbols = ["V" if index % 5 == 4 else "N" for index in range(len(r_s))]
        r_s = np.where(np.array(symbols) == "V", r_s - 0.2, r_s)
        t = np.arange(int(seconds * FS_HZ)) / FS_HZ
        mlii = rng.normal(0, 0.005, t.size)
        for at, symbol in zip(r_s, symbols, strict=True):
            for centre, width, height in WIDE if symbol == "V" else NARROW:
                mlii += height * np.exp(-0.5 * ((t - at - centre) / width) ** 2)
        signals = np.stack([mlii, -0.6 * mlii], axis=1)
        leads = {"sig_name": ["MLII", "V1"], "units": ["mV", "mV"], "fmt": ["16", "16"]}
        wfdb.wrsamp(name, fs=FS_HZ, p_signal=signals, write_dir=str(folder), **leads)
        wfdb.wrann(name, "atr", np.round(r_s * FS_HZ).astype(int), symbol=symbols, write_dir=str(folder))
    (folder / "100.hea").touch()  # what the search for the database looks for
    return folder
