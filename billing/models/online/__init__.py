"""The models of online payments."""

from billing.models.online.payment_attempt import AttemptState, PaymentAttempt
from billing.models.online.provider_account import ProviderAccount, ProviderKind
from billing.models.online.provider_event import EventState, ProviderEvent

__all__ = ["AttemptState", "EventState", "PaymentAttempt", "ProviderAccount", "ProviderEvent", "ProviderKind"]
