"""The OpenAPI document as a page is drawn from it: no script, the portal's own type and themes."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from classify.api.schema import document


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a field: ``type`` is HTML, with links to the shapes that it names."""

    name: str
    type: SafeString
    required: bool
    words: SafeString
    place: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    words: SafeString
    type: SafeString


@dataclass(frozen=True, slots=True)
class Call:
    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[SafeString]
    parameters: list[Row]
    body_type: str
    body: list[Row]
    answers: list[Answer]
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    words: str
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    choices: list[str]
    rows: list[Row]


@cache
def groups() -> list[Group]:
    found = {tag["name"]: Group(tag["name"], tag["description"]) for tag in document()["tags"]}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].calls.append(_call(path, method, operation))
    return list(found.values())


@cache
def shapes() -> list[Shape]:
    known = document()["components"]["schemas"]
    return [Shape(name, [str(one) for one in known[name].get("enum", [])], _rows(known[name])) for name in known]


def _call(path: str, method: str, operation: dict[str, Any]) -> Call:
    content = operation.get("requestBody", {}).get("content", {})
    body_type: str = next(iter(content), "")
    body: dict[str, Any] = content.get(body_type, {})
    answers = operation["responses"]
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        paragraphs=[_words(part) for part in operation["description"].split("\n\n")],
        parameters=[_parameter(one) for one in operation.get("parameters", [])],
        body_type=body_type,
        body=_rows(_resolved(body.get("schema", {}))),
        answers=[_answer(status, answers[status]) for status in sorted(answers)],
        examples=[*_examples(body), *_answer_examples(answers)],
    )


def _parameter(parameter: dict[str, Any]) -> Row:
    said = parameter.get("description", "").split("\n\n* ")[0]  # the choices stand in the type already
    type_ = _type(parameter["schema"])
    return Row(parameter["name"], type_, parameter.get("required", False), _words(said), parameter["in"])


def _rows(schema: dict[str, Any]) -> list[Row]:
    required = schema.get("required", [])
    return [
        Row(name, _type(inner), name in required, _words(inner.get("description", "").split("\n\n* ")[0]))
        for name, inner in schema.get("properties", {}).items()
    ]


def _answer(status: str, response: dict[str, Any]) -> Answer:
    types = [_type(content.get("schema", {})) for content in response.get("content", {}).values()]
    return Answer(status, _words(response.get("description", "")), types[0] if types else SafeString())


def _answer_examples(answers: dict[str, Any]) -> list[Example]:
    return [
        Example(f"{status}: {one.title}", one.text)
        for status in sorted(answers)
        if status < "300"
        for content in answers[status].get("content", {}).values()
        for one in _examples(content)
    ]


def _examples(content: dict[str, Any]) -> list[Example]:
    return [
        Example(example.get("summary", name), json.dumps(example["value"], indent=2, ensure_ascii=False))
        for name, example in content.get("examples", {}).items()
    ]


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document()["components"]["schemas"][name] if name else schema


def _type(schema: dict[str, Any]) -> SafeString:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return SafeString("null") if name == "NullEnum" else mark_safe(f'<a href="#shape-{name}">{name}</a>')  # noqa: S308
    if several := schema.get("oneOf") or schema.get("allOf"):
        return mark_safe(" | ".join(_type(one) for one in several))  # noqa: S308
    if "enum" in schema:
        return mark_safe(" ".join(f"<code>{escape(one)}</code>" for one in schema["enum"]))  # noqa: S308
    if "items" in schema and schema.get("type") in ("array", ["array", "null"]):
        or_null = "" if schema["type"] == "array" else " | null"
        return mark_safe(f"[{_type(schema['items'])}, …]{or_null}")  # noqa: S308
    named = schema.get("type", "")
    names = " | ".join(named) if isinstance(named, list) else named
    return escape(f"{names}, {schema['format']}" if "format" in schema else names)


def _words(text: str) -> SafeString:
    """Escaped, with `code` between backticks."""
    parts = escape(text).split("`")
    return mark_safe("".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts)))  # noqa: S308
