"""The customer portal: sign-in, the job page, updates, onboarding and preferences."""
