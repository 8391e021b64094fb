"""The OpenAPI document, made of the code alone, and the reference page that shows it."""
