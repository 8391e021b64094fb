"""What a customer and the team said to each other about a job, on the customer's own page."""
