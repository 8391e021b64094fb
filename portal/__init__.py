"""The customer's own view: getting in, the job page, updates, onboarding, preferences."""
