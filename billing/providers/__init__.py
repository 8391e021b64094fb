"""Online payments: accounts at providers, attempts to pay, and the webhooks that say what was paid."""
