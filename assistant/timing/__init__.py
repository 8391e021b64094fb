"""When and how to reach a customer, and how likely an answer is, from the organization's own contacts."""
