"""One suggestion at a time beside a lead or customer, with its evidence. It opens a form, and does nothing itself."""
