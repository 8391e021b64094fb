"""Job data for customers: the state of the work, next steps, who comes, and the customer's tasks."""
