"""How a notice reaches a member who is not looking: by mail, by push to a device, by text; and when."""
