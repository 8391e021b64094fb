"""The first visits: a checklist to set one's page up, saved as it goes, and a short way round."""
