"""Rules about customers and properties: their record kinds, and triggers by their own date fields."""
