"""The administrator's pages on people and invitations of the own hospital."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.access import ActorRequest, requires
from portal.accounts.forms import InviteForm, RolesForm
from portal.accounts.mail import invitation_send
from portal.accounts.models import ApiToken, Invitation
from portal.accounts.permissions import PERSON_ROLES, Permission
from portal.accounts.selectors import invitation_list, person_here, person_list
from portal.accounts.services import (
    invitation_resend,
    invitation_revoke,
    person_deactivate,
    person_invite,
    person_reactivate,
    person_roles_set,
)

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.ADMINISTER)
@require_safe
def people(request: ActorRequest) -> HttpResponse:
    everybody = [person_here(user) for user in person_list(request.actor)]
    now = timezone.now()
    context = {
        "active": [person for person in everybody if person.is_active],
        "former": [person for person in everybody if not person.is_active],
        "invitations": [(row, _role_names(row), row.is_open(at=now)) for row in invitation_list(request.actor)],
    }
    return render(request, "accounts/people.html", context)


def _role_names(invitation: Invitation) -> list[str]:
    return [str(role.label) for role in PERSON_ROLES if role in invitation.roles]


@requires(Permission.ADMINISTER)
@GET_OR_POST
def person(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One person's roles; for someone who left, the way back."""
    somebody = person_here(get_object_or_404(person_list(request.actor), pk=pk))
    form = RolesForm(request.POST or None, initial={"roles": somebody.roles})
    if request.method == "POST" and form.is_valid():
        try:
            return _roles_saved(request, somebody.user.pk, form.cleaned_data["roles"], active=somebody.is_active)
        except ValidationError as error:
            form.add_error("roles", error)
    return render(request, "accounts/person.html", {"person": somebody, "form": form})


def _roles_saved(request: ActorRequest, pk: UUID, roles: list[str], *, active: bool) -> HttpResponse:
    user, actor = person_list(request.actor).get(pk=pk), request.actor
    if active:
        person_roles_set(user=user, roles=roles, actor=actor, at=timezone.now())
        messages.success(request, _("The roles are saved."))
    else:
        person_reactivate(user=user, roles=roles, actor=actor, hospital=actor.hospital)
        messages.success(request, _("This person may sign in again."))
    return redirect("accounts:people")


@requires(Permission.ADMINISTER)
@GET_OR_POST
def deactivate(request: ActorRequest, pk: UUID) -> HttpResponse:
    somebody = person_here(get_object_or_404(person_list(request.actor), pk=pk))
    error = ""
    if request.method == "POST":
        try:
            actor = request.actor
            person_deactivate(user=somebody.user, actor=actor, hospital=actor.hospital, at=timezone.now())
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, _("The person is deactivated. Open sessions have ended."))
            return redirect("accounts:people")
    made = ApiToken.objects.visible_to(request.actor).filter(created_by=somebody.user, revoked_at__isnull=True)
    context = {"person": somebody, "error": error, "tokens_made": made.filter(expires_at__gt=timezone.now()).count()}
    return render(request, "accounts/deactivate.html", context)


@requires(Permission.ADMINISTER)
@GET_OR_POST
def invite(request: ActorRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = person_invite(
                **form.cleaned_data, hospital=request.actor.hospital, at=timezone.now(), actor=request.actor
            )
        except ValidationError as error:
            form.add_error("email", error)
        else:
            _send(request, invitation, token)
            return redirect("accounts:people")
    return render(request, "accounts/invite.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_POST
def resend(request: ActorRequest, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.actor), pk=pk)
    try:
        token = invitation_resend(invitation=invitation, at=timezone.now(), actor=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        _send(request, invitation, token)
    return redirect("accounts:people")


@requires(Permission.ADMINISTER)
@require_POST
def revoke_invitation(request: ActorRequest, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.actor), pk=pk)
    try:
        invitation_revoke(invitation=invitation, at=timezone.now(), actor=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("accounts:people")


def _send(request: HttpRequest, invitation: Invitation, token: str) -> None:
    link = request.build_absolute_uri(reverse("accounts:invitation_open", args=[token]))
    if invitation_send(invitation, link):
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
    else:
        messages.error(request, _("The mail server did not take the invitation. Send it again in a while."))
