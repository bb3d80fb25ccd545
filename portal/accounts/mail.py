"""Sending mail from pages."""

import logging
from smtplib import SMTPException
from threading import Thread

from django.core.mail import EmailMessage, send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.accounts.models import Invitation

logger = logging.getLogger(__name__)


def mail_send_later(message: EmailMessage) -> Thread:
    """Sends beside the request: the time of an answer must not tell whether an address has an account."""
    thread = Thread(target=_send, args=(message,), name="mail")
    thread.start()
    return thread


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, SMTPException) as error:  # nobody waits for the answer; the address stays out of the log
        logger.error("A mail could not be sent: %s", type(error).__name__)


def invitation_send(invitation: Invitation, link: str) -> bool:
    """Whether the mail server took the invitation."""
    text = render_to_string("accounts/email/invitation.txt", {"invitation": invitation, "link": link})
    try:
        send_mail(_("Your invitation to Beatline"), text, None, [invitation.email])
    except (OSError, SMTPException) as error:
        logger.error("An invitation could not be sent: %s", type(error).__name__)
        return False
    return True
