"""Strong ETags: the digest of exactly what is answered, so they change with whatever an integrator can see."""

import hashlib

from django.http import HttpRequest
from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response


def with_etag(request: HttpRequest, response: Response) -> Response:
    """The response with its ETag, or 304 without a body where ``If-None-Match`` names it."""
    etag = f'"{hashlib.sha256(JSONRenderer().render(response.data)).hexdigest()[:32]}"'
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    # If-None-Match compares weakly: a proxy that compresses may have marked our tag as weak.
    if "*" in asked or etag in {tag.removeprefix("W/") for tag in asked}:
        response = Response(status=304)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response
