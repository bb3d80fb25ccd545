"""Every address of the portal, read from the URL map itself."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Address:
    """``key`` is the name with its namespace or, for the few without one, the route."""

    key: str
    route: str

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def parameters(self) -> list[str]:
        return [first or second for first, second in PARAMETER.findall(self.route)]

    def path(self, value_of: Callable[[str, str], str]) -> str:
        """The address with ``value_of(key, parameter)`` in the place of each parameter."""
        filled = PARAMETER.sub(lambda match: value_of(self.key, match[1] or match[2]), self.route)
        return "/" + filled.replace("^", "").replace("$", "")


def url_map() -> list[Address]:
    found: dict[str, Address] = {}
    for address in _walk(get_resolver(), "", ()):
        found.setdefault(address.key, address)
    return sorted(found.values(), key=lambda address: address.key)


def _walk(resolver: URLResolver, before: str, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = ":".join((*namespaces, entry.name)) if entry.name else f"/{route}"
            yield Address(name, route)
        else:
            yield from _walk(entry, route, (*namespaces, *([entry.namespace] if entry.namespace else [])))
