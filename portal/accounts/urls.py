from django.urls import path

from portal.accounts.views import invitation, people, session, settings, tokens

app_name = "accounts"

PERSON = "settings/hospital/people/<uuid:pk>/"
INVITATION = "settings/hospital/invitations/<uuid:pk>/"

urlpatterns = [
    path("session/", session.session, name="session"),
    path("switch/", session.switch, name="switch"),
    path("settings/", settings.settings, name="settings"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation.invitation_open, name="invitation_open"),
    path("settings/hospital/people/", people.people, name="people"),
    path("settings/hospital/people/invite/", people.invite, name="invite"),
    path(PERSON, people.person, name="person"),
    path(f"{PERSON}deactivate/", people.deactivate, name="deactivate"),
    path(f"{INVITATION}resend/", people.resend, name="invitation_resend"),
    path(f"{INVITATION}revoke/", people.revoke_invitation, name="invitation_revoke"),
    path("settings/hospital/tokens/", tokens.tokens, name="tokens"),
    path("settings/hospital/tokens/new/", tokens.token_create, name="token_create"),
    path("settings/hospital/tokens/<uuid:pk>/revoke/", tokens.revoke, name="token_revoke"),
]
