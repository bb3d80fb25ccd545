"""Work on many pictures in processes side by side, each on one core."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import cv2
from tqdm import tqdm

Task = TypeVar("Task")
Done = TypeVar("Done")


def done_side_by_side(work: Callable[[Task], Done], tasks: Sequence[Task], jobs: int) -> list[Done]:
    """What ``work`` makes of each task, in their order; with one job in this process."""
    if jobs == 1:
        cv2.setNumThreads(1)
        return [work(task) for task in tqdm(tasks, unit="picture")]
    # Started anew and not forked: a network may have been loaded, and its threads do not survive a fork.
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=start, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        return list(tqdm(pool.map(work, tasks), total=len(tasks), unit="picture"))
