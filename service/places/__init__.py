"""The staff's page of a place: jobs, people, claims, documents, assets and custom fields."""
