"""Everything that changes people, hospitals and their tokens.

Each service checks, writes and audits in one transaction.
``actor`` is the administrator who acts, always in the actor's own hospital; None is a command on the server itself.
What can't be done raises ``ValidationError`` with a sentence for the page.
"""

from portal.accounts.services.hospitals import hospital_create
from portal.accounts.services.invitations import (
    invitation_accept,
    invitation_resend,
    invitation_revoke,
    person_invite,
)
from portal.accounts.services.people import (
    membership_end,
    membership_grant,
    person_create,
    person_deactivate,
    person_reactivate,
    person_rename,
    person_roles_set,
)
from portal.accounts.services.service_accounts import service_account_create, token_revoke

__all__ = [
    "hospital_create",
    "invitation_accept",
    "invitation_resend",
    "invitation_revoke",
    "membership_end",
    "membership_grant",
    "person_create",
    "person_deactivate",
    "person_invite",
    "person_reactivate",
    "person_rename",
    "person_roles_set",
    "service_account_create",
    "token_revoke",
]
