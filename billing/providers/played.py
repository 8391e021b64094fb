"""The outcome that was chosen on the built-in payment page, as a provider reports it."""

from billing.models.online import PaymentAttempt
from billing.providers.interface import FAILED, PAID, PaymentReport


def played_report(uid: str) -> PaymentReport | None:
    """Return the outcome of an attempt; None if nothing was chosen yet."""
    attempt = PaymentAttempt.objects.filter(uid=uid).exclude(played="").first()
    if attempt is None:
        return None
    checkout_id = f"demo_{uid}"
    if attempt.played == FAILED:
        return PaymentReport(uid, checkout_id, FAILED)
    return PaymentReport(
        uid,
        checkout_id,
        PAID,
        payment_id=checkout_id,
        amount=attempt.amount,
        currency=attempt.currency,
        method=attempt.method,
        details="Test card ending 4242" if attempt.method == "card" else "Test bank",
    )
