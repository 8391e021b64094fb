"""OAuth 2 for apps of other companies: a member connects one, and it acts as them within the scopes they agreed to."""
