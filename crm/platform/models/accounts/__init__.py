"""Users, secret links and invitations."""
