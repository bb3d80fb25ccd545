"""A hospital system that talks to a running Beatline over HTTP, with nothing but its token."""

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

OPEN_STATES = {"queued", "running"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]


class ApiClient:
    def __init__(self, base_url: str, token: str) -> None:
        self.base_url, self.token = base_url, token

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, values: dict[str, Any]) -> Answer:
        return self.send("POST", path, json.dumps(values).encode(), "application/json")

    def upload(self, values: dict[str, Any], **headers: str) -> Answer:
        """``values["file"]`` is an open file."""
        return self.send("POST", "recordings/", encode_multipart(BOUNDARY, values), MULTIPART_CONTENT, headers)

    def wait_for_result(self, recording: str, timeout_s: float = 120) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_s
        while (answer := self.get(f"recordings/{recording}/")).body["state"] in OPEN_STATES:
            assert time.monotonic() < deadline, f"still {answer.body['state']} after {timeout_s} s"
            time.sleep(0.1)
        return answer.body

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str = "",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}", **({"Content-Type": content_type} if body else {})}
        request = urllib.request.Request(self.base_url + path, data=body, method=method, headers=sent | (headers or {}))
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, json.load(response), dict(response.headers))
        except urllib.error.HTTPError as error:
            text = error.read()
            return Answer(error.code, json.loads(text) if text else None, dict(error.headers))
