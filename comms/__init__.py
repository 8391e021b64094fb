"""Messages on every channel: receiving, sending, and the reasons for each decision. No tickets, no leads."""
