"""`manage.py remove_second_factor`: for a user who lost the phone, the passkey and the recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from crm.platform.accounts.outbox import queue_mail
from crm.platform.accounts.second_factor import remove_all_factors
from crm.platform.models import User


class Command(BaseCommand):
    help = "Remove a user's second factors and recovery codes, and tell them by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {email}.")
        with transaction.atomic(), translation.override(user.language or None):
            if not remove_all_factors(user):
                self.stdout.write("Has no second factor; nothing changed.")
                return
            subject = render_to_string("mfa/email/removed_by_operator_subject.txt").strip()
            body = render_to_string("mfa/email/removed_by_operator_message.txt").strip()
            queue_mail(to=user.email, subject=subject, body=body, user=user)
        self.stdout.write("Removed. They sign in by password alone now.")
