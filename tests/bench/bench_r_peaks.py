"""R-peak detector on 10 s pieces of MIT-BIH: sensitivity, positive predictivity, pieces without an error.

    python -m tests.bench.bench_r_peaks --data ../shared/data/mitdb [--unknown-scale] [--records 100 101 ...]

Beats are matched within 150 ms (AAMI EC57).  Beats whose mark lies within 0.15 s of a piece's end are neither
demanded nor held against the detector.
"""

import argparse
from pathlib import Path

import numpy as np
import wfdb
from scipy import signal

from worker.ecg.annotations import AAMI_CLASS_OF_SYMBOL
from worker.ecg.r_peaks import detect_r_peaks

PIECE_S = 10.0
MATCH_S = 0.15
EDGE_S = 0.15
WIDTH_PX = 1500  # of a drawn strip, where the scale is withheld


def matched(found_s: np.ndarray, true_s: np.ndarray) -> tuple[int, int, int]:
    """True positives, misses and false alarms; each beat is matched once, nearest first."""
    free = list(true_s)
    hits = false = 0
    for at in found_s:
        nearest = min(free, key=lambda t: abs(t - at), default=None)
        if nearest is not None and abs(nearest - at) <= MATCH_S:
            hits += 1
            free.remove(nearest)
        elif EDGE_S < at < PIECE_S - EDGE_S:
            false += 1
    missed = sum(EDGE_S < t < PIECE_S - EDGE_S for t in free)
    return hits, missed, false


def pieces(record: str, data: Path, step_s: float):
    header = wfdb.rdheader(str(data / record))
    channel = header.sig_name.index("MLII") if "MLII" in header.sig_name else 0
    values = wfdb.rdrecord(str(data / record), channels=[channel]).p_signal[:, 0]
    marks = wfdb.rdann(str(data / record), "atr")
    beats = np.array([s for s, k in zip(marks.sample, marks.symbol, strict=True) if k in AAMI_CLASS_OF_SYMBOL])
    flutter = np.array([s for s, k in zip(marks.sample, marks.symbol, strict=True) if k in "![]"])
    length = int(PIECE_S * header.fs)
    for start in range(0, len(values) - length + 1, int(step_s * header.fs)):
        if ((flutter >= start) & (flutter < start + length)).any():
            continue
        inside = beats[(beats >= start) & (beats < start + length)]
        yield start, values[start : start + length], header.fs, (inside - start) / header.fs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/mitdb"))
    parser.add_argument("--records", nargs="*")
    parser.add_argument("--step", type=float, default=PIECE_S)
    parser.add_argument("--unknown-scale", action="store_true", help="draw to 1500 samples and withhold fs")
    parser.add_argument("--list", type=int, default=0, help="print this many of the worst pieces")
    args = parser.parse_args()
    records = args.records or sorted(p.stem for p in args.data.glob("*.hea"))
    total = np.zeros(3, dtype=int)
    clean = count = 0
    worst = []
    for record in records:
        of_record = np.zeros(3, dtype=int)
        for start, values, fs, true_s in pieces(record, args.data, args.step):
            if args.unknown_scale:
                values = signal.resample(values, WIDTH_PX)
                found_s = detect_r_peaks(values, None) * PIECE_S / WIDTH_PX
            else:
                found_s = detect_r_peaks(values, fs) / fs
            score = matched(found_s, true_s)
            of_record += score
            count += 1
            clean += score[1] + score[2] == 0
            worst.append((score[1] + score[2], record, start, score))
        print(f"{record}  hits {of_record[0]:5d}  missed {of_record[1]:4d}  false {of_record[2]:4d}", flush=True)
        total += of_record
    hits, missed, false = total
    for line in sorted(worst, reverse=True)[: args.list]:
        print(line)
    print(
        f"{len(records)} records, {count} pieces, {hits + missed} beats: Se {100 * hits / (hits + missed):.2f}  "
        f"+P {100 * hits / (hits + false):.2f}  pieces without an error {100 * clean / count:.1f} %"
    )


if __name__ == "__main__":
    main()
