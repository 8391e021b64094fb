"""`channels`: list, add, change and test an organization's channels.

channels --tenant SLUG                                   one line of JSON a channel, with its webhook address
channels --tenant SLUG add --brand NAME --medium email --provider smtp --address sales@…
         --set host=smtp.example --secret password      a secret is asked for, or read from CHANNEL_PASSWORD
channels --tenant SLUG change ADDRESS --set port=465 --secret password
channels --tenant SLUG test ADDRESS                      exit code 1 when it does not work
"""

import json
import os
import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from comms.channels import registry
from comms.channels.bound_secrets import unbound_secrets
from comms.channels.capability import capabilities, missing_settings
from comms.channels.channel_check import check_channel
from comms.channels.webhook_address import webhook_url
from comms.models import Channel, Medium
from crm.kernel import normalization
from crm.platform.models import Brand, Tenant
from crm.platform.tenancy.context import use_tenant


class Command(BaseCommand):
    help = "List, add, change and test the channels of an organization."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization")
        acts = parser.add_subparsers(dest="act", metavar="add|change|test|archive")
        add = acts.add_parser("add", help="set up a channel")
        add.add_argument("--brand", default="", metavar="NAME", help="the default brand, unless named")
        add.add_argument("--medium", required=True, choices=[*Medium.values][:4])
        add.add_argument("--provider", required=True, metavar="KEY", help="e.g. smtp, imap, mailgun, twilio")
        add.add_argument("--address", required=True, metavar="ADDRESS", help="an email address, or a number: +1813…")
        add.add_argument("--role", default=Channel.Role.SUPPORT, choices=[*Channel.Role.values][:4])
        change = acts.add_parser("change", help="change a channel")
        for parsed in (add, change):
            parsed.add_argument("--name", default=None, metavar="NAME", help="the sender's name")
            parsed.add_argument("--registration", default=None, choices=Channel.Registration.values)
            parsed.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting")
            parsed.add_argument(
                "--secret", action="append", default=[], metavar="NAME", help="asked for, or from CHANNEL_NAME"
            )
        for parsed in (change, acts.add_parser("test", help="ask the provider"), acts.add_parser("archive")):
            parsed.add_argument("address", metavar="ADDRESS", help="of the channel")
            parsed.add_argument("--medium", default="", choices=["", *Medium.values], help="where two have one address")

    def handle(self, *args: Any, tenant: str, act: str | None, **options: Any) -> None:
        place = Tenant.objects.filter(slug=tenant).first()
        if place is None:
            raise CommandError(f"There is no organization “{tenant}”.")
        if act == "test":
            self._test(place, **options)
            return
        with use_tenant(place.pk):
            getattr(self, f"_{act}")(**options) if act else self._list()

    def _list(self) -> None:
        for channel in Channel.objects.select_related("brand", "owner").order_by("brand__name", "medium", "address"):
            self._print(channel)

    @transaction.atomic
    def _add(self, *, brand: str, medium: str, provider: str, address: str, role: str, **options: Any) -> None:
        brands = Brand.objects.filter(archived_at__isnull=True)
        chosen = (brands.filter(name=brand) if brand else brands.filter(is_default=True)).first()
        if chosen is None:
            raise CommandError(f"There is no brand “{brand}”.")
        carrier = self._provider(provider, medium)
        defaults = {each.name: each.default for each in carrier.settings if each.default}
        channel = Channel.create(
            by=None,
            brand=chosen,
            medium=medium,
            role=role,
            provider=provider,
            address=self._free_address(address, medium, chosen.country),
            settings=defaults | self._settings(carrier, options["set"]),
            secrets=self._secrets(carrier, options["secret"]),
            **self._facts(options),
        )
        if missing := missing_settings(channel, carrier):
            raise CommandError(f"It needs more: {', '.join(missing)}.")
        self._print(channel)

    def _change(self, *, address: str, medium: str, **options: Any) -> None:
        channel = self._find_channel(address, medium)
        carrier = self._provider(channel.provider, channel.medium)
        settings = channel.settings | self._settings(carrier, options["set"])
        secrets = self._secrets(carrier, options["secret"])
        if forgotten := sorted(set(unbound_secrets(carrier, channel, settings)) - set(secrets)):
            raise CommandError(f"Another server needs its secrets again: --secret {' --secret '.join(forgotten)}")
        channel.edit(by=None, settings=settings, secrets=secrets, **self._facts(options))
        self._print(channel)

    def _test(self, place: Tenant, *, address: str, medium: str, **options: Any) -> None:
        with use_tenant(place.pk):
            channel = self._find_channel(address, medium)
        checked = check_channel(place.pk, channel.pk)
        if checked is None:
            raise CommandError(f"There is no channel with the address “{address}” any more.")
        self.stdout.write(json.dumps({"works": checked.works, "words": checked.words}, ensure_ascii=False))
        if not checked.works:
            sys.exit(1)

    def _archive(self, *, address: str, medium: str, **options: Any) -> None:
        channel = self._find_channel(address, medium)
        channel.archive(by=None)
        self._print(channel)

    def _print(self, channel: Channel) -> None:
        try:
            carrier = registry.provider(channel.provider)
            webhook = ""
            if carrier.has_webhook:
                webhook = webhook_url(channel)
        except registry.NotOffered:
            webhook = ""
        line = {
            "brand": channel.brand.name,
            "medium": channel.medium,
            "role": channel.role,
            "address": channel.address,
            "provider": channel.provider,
            "owner": channel.owner.name if channel.owner else None,
            "webhook": webhook or None,
            "settings": channel.settings,
            "secrets": sorted(channel.secrets),
            "archived": channel.archived_at is not None,
            "can": [each.words for each in capabilities(channel) if each.can],
            "cannot": [
                ": ".join(filter(None, (each.words, each.missing))) for each in capabilities(channel) if not each.can
            ],
        }
        self.stdout.write(json.dumps(line, ensure_ascii=False))

    def _find_channel(self, address: str, medium: str) -> Channel:
        rows = list(Channel.objects.in_use().filter(address__iexact=address.strip()).order_by("pk"))
        rows = [row for row in rows if medium in ("", row.medium)]
        if len(rows) != 1:
            which = "more than one channel (name its --medium)"
            if not rows:
                which = "no channel"
            raise CommandError(f"There is {which} with the address “{address}”.")
        return rows[0]

    def _provider(self, key: str, medium: str) -> Any:
        try:
            provider = registry.provider(key)
        except registry.NotOffered as error:
            keys = ", ".join(each.key for each in registry.offered_providers(medium))
            raise CommandError(f"{error}. There are: {keys}.") from None
        if medium not in provider.media:
            raise CommandError(f"{provider.name} does not carry {Medium(medium).label.lower()}.")
        return provider

    def _free_address(self, address: str, medium: str, country: str) -> str:
        is_mail = medium == Medium.EMAIL
        if is_mail:
            normalized = normalization.normalize_email(address)
        else:
            normalized = normalization.normalize_phone(address, country)
        if not normalized:
            raise CommandError(f"“{address}” is no {'email address' if is_mail else 'telephone number'}.")
        if Channel.objects.in_use().filter(medium=medium, address=normalized).exists():
            raise CommandError(f"Another channel has the address {normalized}.")
        return normalized

    def _settings(self, provider: Any, given: list[str]) -> dict[str, str]:
        names = {each.name for each in provider.settings if not each.secret} | {"reply_domain", "plus_addressing"}
        pairs = dict(each.partition("=")[::2] for each in given)
        if unknown := sorted(set(pairs) - names):
            raise CommandError(f"{provider.name} has no setting {unknown[0]!r}; it has {', '.join(sorted(names))}.")
        return pairs

    def _secrets(self, provider: Any, names: list[str]) -> dict[str, str]:
        secret_names = {each.name for each in provider.settings if each.secret}
        if unknown := sorted(set(names) - secret_names):
            raise CommandError(
                f"{provider.name} has no secret {unknown[0]!r}; it has {', '.join(sorted(secret_names))}."
            )
        # Never an argument: those stand in every list of processes.
        return {name: os.environ.get(f"CHANNEL_{name.upper()}") or getpass(f"{name}: ") for name in names}

    def _facts(self, options: dict[str, Any]) -> dict[str, Any]:
        facts = {"display_name": options["name"], "registration": options["registration"]}
        return {name: value for name, value in facts.items() if value is not None}
