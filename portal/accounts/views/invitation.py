"""Accepting an invitation: the link is opened, its token leaves the address bar, a person joins."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.actor import Origin
from portal.accounts.forms import JoinForm
from portal.accounts.models import Invitation, User
from portal.accounts.network import client_ip
from portal.accounts.selectors import invitation_find, invitation_find_by_token, invitee_with_account
from portal.accounts.services import invitation_accept
from portal.accounts.sessions import HOSPITAL, INVITATION


@login_not_required
@never_cache
@require_safe
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the token out of the address. Looking consumes nothing: mail scanners look at every link."""
    invitation = invitation_find_by_token(token, at=timezone.now())
    if invitation is None:
        return _closed(request)
    request.session[INVITATION] = invitation.digest
    return redirect("accounts:invitation")


@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    found = invitation_find(request.session.get(INVITATION, ""), at=timezone.now())
    if found is None:
        return _closed(request)
    try:
        if request.user.is_authenticated:
            return _as_signed_in(request, found, request.user)
        if invitee_with_account(found):
            return render(request, "accounts/invitation_sign_in.html", {"invitation": found})
        return _as_new(request, found)
    except ValidationError as error:  # somebody else was faster, or the account came to be in the meantime
        return _closed(request, " ".join(error.messages))


def _as_signed_in(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    if user.email != found.email:
        return render(request, "accounts/invitation_somebody_else.html", {"invitation": found})
    if request.method != "POST":
        return render(request, "accounts/invitation_confirm.html", {"invitation": found})
    invitation_accept(invitation=found, user=user, at=timezone.now(), origin=_origin(request))
    _join(request, found)
    return redirect("today")


def _as_new(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, email=found.email, initial={"full_name": found.full_name})
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/invitation_join.html", {"invitation": found, "form": form})
    user = invitation_accept(
        invitation=found,
        full_name=form.cleaned_data["full_name"],
        password=form.cleaned_data["password"],
        at=timezone.now(),
        origin=_origin(request),
    )
    _join(request, found)
    return perform_login(request, user, email_verification="none", redirect_url=reverse("today"))


def _join(request: HttpRequest, found: Invitation) -> None:
    del request.session[INVITATION]
    request.session[HOSPITAL] = str(found.hospital_id)
    messages.success(request, _("Welcome to %(hospital)s.") % {"hospital": found.hospital.name})


def _origin(request: HttpRequest) -> Origin:
    return Origin(via="page", ip=client_ip(request))


def _closed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "accounts/invitation_closed.html", {"reason": reason}, status=404)
