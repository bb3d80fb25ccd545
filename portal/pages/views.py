"""What anybody may read without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.pages.aami import AAMI_CLASSES


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/landing.html", {"classes": AAMI_CLASSES})


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html", {"classes": AAMI_CLASSES})


@login_not_required
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/classes.html", {"classes": AAMI_CLASSES})
