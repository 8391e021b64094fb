"""Phone and mailbox: the page of the demo on which anybody plays the customer. Refused in production."""
