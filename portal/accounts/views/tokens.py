"""The administrator's pages on API tokens of the own hospital."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.access import ActorRequest, requires
from portal.accounts.forms import TokenForm
from portal.accounts.permissions import Permission
from portal.accounts.selectors import token_list
from portal.accounts.services import service_account_create, token_revoke

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.ADMINISTER)
@require_safe
def tokens(request: ActorRequest) -> HttpResponse:
    now = timezone.now()
    rows = [(token, token.is_valid(at=now)) for token in token_list(request.actor)]
    return render(request, "accounts/tokens.html", {"rows": rows})


@requires(Permission.ADMINISTER)
@never_cache
@GET_OR_POST
def token_create(request: ActorRequest) -> HttpResponse:
    """The answer to the form is the only page that ever shows the token, so there is no redirect after it."""
    form = TokenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/token_create.html", {"form": form})
    now = timezone.now()
    row, token = service_account_create(
        hospital=request.actor.hospital,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=form.expires_at(at=now),
        at=now,
        actor=request.actor,
    )
    return render(request, "accounts/token_created.html", {"row": row, "token": token})


@requires(Permission.ADMINISTER)
@GET_OR_POST
def revoke(request: ActorRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(token_list(request.actor).filter(revoked_at__isnull=True), pk=pk)
    if request.method == "POST":
        token_revoke(token=row, actor=request.actor, at=timezone.now())
        messages.success(request, _("The token is revoked. It no longer opens anything."))
        return redirect("accounts:tokens")
    return render(request, "accounts/token_revoke.html", {"row": row})
