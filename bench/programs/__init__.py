"""What programs ask for and are sent: the feed of events, and webhooks."""
