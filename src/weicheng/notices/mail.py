"""One plain mail over the SMTP server that the installation names."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate

from django.conf import settings

from weicheng.notices.models import Channel
from weicheng.notices.robots import Message
from weicheng.notices.seals import unseal
from weicheng.notices.sending import SECONDS, Outcome


def is_set_up() -> bool:
    """Whether there is a server to send mail with."""
    return bool(settings.MAIL["host"] and settings.MAIL["from"])


def say(channel: Channel, message: Message, *, key: str) -> Outcome:
    """Send it; the message id is made from the delivery, so that a repeat is seen as one."""
    if not is_set_up():
        return Outcome("unreached", "no_mail_server")
    try:
        letter = _letter(unseal(channel.target), message, key)
        server = _server()
    except (OSError, smtplib.SMTPException, ValueError):
        return Outcome("unreached", "no_connection")
    try:
        with server:
            server.send_message(letter)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        return Outcome("refused", "mail_refused")
    except (OSError, smtplib.SMTPException):
        return Outcome("unknown", "no_answer")
    return Outcome("accepted")


def _letter(to: str, message: Message, key: str) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = message.title, settings.MAIL["from"], to
    letter["Date"] = formatdate(localtime=True)
    domain = str(settings.MAIL["from"]).rpartition("@")[2].strip("> ")
    letter["Message-ID"] = f"<{key}@{domain}>"
    letter.set_content("\n".join(filter(None, (*message.lines, message.link))) + "\n")
    return letter


def _server() -> smtplib.SMTP:
    known = settings.MAIL
    context = ssl.create_default_context()
    if known["tls"] == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            known["host"], known["port"], timeout=SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(known["host"], known["port"], timeout=SECONDS)
        if known["tls"] == "starttls":
            server.starttls(context=context)
    if known["user"]:
        server.login(known["user"], known["password"])
    return server
