"""The staff's page of a place: jobs, people, claims, documents and assets."""
