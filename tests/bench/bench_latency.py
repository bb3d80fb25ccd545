"""From the upload through the API to the result: p50 and p95 with one client and with eight.

    python -m tests.bench.bench_latency                     starts a Beatline of its own (PostgreSQL and Redis if found)
    python -m tests.bench.bench_latency --embedded          the same on SQLite and the embedded broker
    python -m tests.bench.bench_latency --base-url http://127.0.0.1:8000/api/v1/ --token btl_…   one that runs

Each upload is a demo picture, alternately a beat and a strip, made another file by a random comment within it. The
time runs from before the request to the first answer that says that the work has ended; asked every 100 ms.
"""

import argparse
import io
import os
import platform
import secrets
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from django.conf import settings
from PIL import Image, PngImagePlugin

from tests.support.api_client import ApiClient
from tests.support.services import ROOT
from tests.support.session import Session
from tests.support.stack import running_stack

PICTURES = ROOT / "portal" / "ops" / "demo_pictures"
ASK_EVERY_S = 0.1
OPEN = ("queued", "running")
Access = tuple[str, str]  # base URL and token


def another_file(picture: Path) -> io.BytesIO:
    """The same pixels in a file that was never seen before."""
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Comment", secrets.token_hex(8))
    out = io.BytesIO()
    Image.open(picture).save(out, "PNG", pnginfo=comment)
    out.seek(0)
    out.name = picture.name
    return out


def upload_until_result(access: Access, patient: str, picture: Path) -> tuple[float, str]:
    api, file = ApiClient(*access), another_file(picture)
    started = time.perf_counter()
    answer = api.upload({"patient": patient, "file": file})
    if answer.status != 202:
        raise SystemExit(f"The upload answered {answer.status}: {answer.body}")
    while (state := api.get(f"recordings/{answer.body['id']}/").body["state"]) in OPEN:
        time.sleep(ASK_EVERY_S)
    return time.perf_counter() - started, state


def patient_register(access: Access) -> str:
    values = {"mrn": f"bench-{secrets.token_hex(6)}", "family_name": "Bench", "given_name": "Mark"}
    answer = ApiClient(*access).post("patients/", values | {"birth_date": "1970-01-01", "sex": "unknown"})
    if answer.status != 201:
        raise SystemExit(f"The registration answered {answer.status}: {answer.body}")
    return answer.body["id"]


def measure(access: Access, clients: int, uploads: int, kinds: list[str]) -> None:
    pictures = [sorted(PICTURES.glob(f"{kind}_*.png")) for kind in kinds]
    alternately = islice(cycle([one for pair in zip(*pictures, strict=False) for one in pair]), uploads)
    patient = patient_register(access)
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        ended = list(pool.map(lambda picture: upload_until_result(access, patient, picture), alternately))
    took_s = time.perf_counter() - started
    seconds = sorted(latency for latency, _ in ended)
    percentiles = statistics.quantiles(seconds, n=100, method="inclusive")
    print(
        f"{'+'.join(kinds):12} {clients} client{'s' if clients > 1 else ' '}  {uploads} uploads  "
        f"p50 {percentiles[49] * 1000:6.0f} ms  p95 {percentiles[94] * 1000:6.0f} ms  "
        f"max {seconds[-1] * 1000:6.0f} ms  {uploads / took_s:5.1f} /s  {dict(Counter(state for _, state in ended))}",
        flush=True,
    )


@contextmanager
def own_stack(kind: str | None) -> Iterator[Access]:
    session = Session()
    kind = kind or ("services" if session.postgres and session.redis else "embedded")
    print(f"A Beatline of its own, {kind}; {platform.platform()}, {os.cpu_count()} cores", flush=True)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="beatline-bench-") as folder,
            running_stack(kind, session, Path(folder)) as stack,
        ):
            yield stack.api_url, stack.credentials["api"]["token"]
    finally:
        session.leave()


def run(access: Access, uploads: int) -> None:
    upload_warm_up(access)
    for kinds in (["beat"], ["strip"], ["beat", "strip"]):
        for clients in (1, 8):
            measure(access, clients, uploads, kinds)


def upload_warm_up(access: Access) -> None:
    patient = patient_register(access)
    for kind in ("beat", "strip"):
        upload_until_result(access, patient, next(PICTURES.glob(f"{kind}_*.png")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", help="such as http://127.0.0.1:8000/api/v1/")
    parser.add_argument("--token")
    parser.add_argument("--uploads", type=int, default=48, help="per line of the answer")
    parser.add_argument("--embedded", action="store_true")
    asked = parser.parse_args()
    settings.configure()  # the client borrows Django's multipart encoder, and nothing else
    if asked.base_url:
        run((asked.base_url, asked.token or os.environ["BEATLINE_TOKEN"]), asked.uploads)
        return
    with own_stack("embedded" if asked.embedded else None) as access:
        run(access, asked.uploads)


if __name__ == "__main__":
    main()
