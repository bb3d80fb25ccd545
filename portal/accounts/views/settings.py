from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.access import ActorRequest
from portal.accounts.forms import NameForm
from portal.accounts.models import Membership
from portal.accounts.services import person_rename


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: ActorRequest) -> HttpResponse:
    user = request.actor.user
    form = NameForm(request.POST or None, initial={"full_name": user.full_name})
    if request.method == "POST" and form.is_valid():
        person_rename(actor=request.actor, full_name=form.cleaned_data["full_name"])
        messages.success(request, _("Your name is saved."))
        return redirect("accounts:settings")
    mine = Membership.objects.active().filter(user=user).select_related("hospital")
    context = {
        "form": form,
        "memberships": mine.order_by("hospital__name", "role"),
        "has_totp": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
    }
    return render(request, "accounts/settings.html", context)
