"""The payment providers: Stripe, Mollie, and the built-in payment page."""
