"""Custom fields of leads, customers and properties: their settings page, forms and filters."""
