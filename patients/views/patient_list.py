"""The list and its search. What is searched for travels in the body: never in a URL, never in an access log."""

from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from patients.forms import SearchForm
from patients.models import Patient
from patients.selectors import SORTS, patient_search, patients_sorted
from portal.accounts.access import ActorRequest, requires
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record

PAGE_SIZE: Final = 25
DEFAULT_SORT: Final = "name"


@require_safe
@never_cache
@requires(Permission.PATIENTS_READ)
def patient_list(request: ActorRequest) -> HttpResponse:
    return render(request, "patients/list.html", _listing(request.actor, {}))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.PATIENTS_READ)
def patient_list_search(request: ActorRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("patients:list")
    form = SearchForm(request.POST)
    form.is_valid()
    template = "patients/partials/search_answer.html" if _is_htmx(request) else "patients/list.html"
    return render(request, template, _listing(request.actor, form.cleaned_data))


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _listing(actor: Actor, wanted: dict[str, str]) -> dict[str, Any]:
    query = wanted.get("query", "")
    sort = _sort(wanted)
    found = patients_sorted(patient_search(actor, query), sort)
    page: Page[Patient] = Paginator(found, PAGE_SIZE).get_page(wanted.get("page") or 1)
    patients = list(page.object_list)
    audit_record(actor, "patient.search", patients=[patient.pk for patient in patients])
    return {"query": query, "sort": sort, "page": page, "patients": patients, "columns": _columns(sort)}


def _sort(wanted: dict[str, str]) -> str:
    """A new page keeps the order, a pressed column head changes it."""
    sort = wanted.get("sort") or wanted.get("current_sort") or DEFAULT_SORT
    return sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT


def _columns(sort: str) -> dict[str, dict[str, str]]:
    """For each column: what its head asks for when pressed, and how it stands (as ``aria-sort``)."""
    columns = {name: {"next": "-last_recording" if name == "last_recording" else name, "order": ""} for name in SORTS}
    name = sort.removeprefix("-")
    descending = sort.startswith("-")
    columns[name] = {"next": name if descending else f"-{name}", "order": "descending" if descending else "ascending"}
    return columns
