"""Mail of our own, written by templates."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def send(template: str, to: str, context: dict[str, Any]) -> bool:
    """Send `<template>_subject.txt` and `<template>_message.txt`; whether the mail server took it."""
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    message = EmailMessage(subject, render_to_string(f"{template}_message.txt", context).strip(), to=[to])
    try:
        message.send()
    except (OSError, SMTPException) as error:
        log.warning("The mail server did not take a mail: %s", error)
        return False
    return True
