"""Configuration as code: the sections apps contribute, and their export to and import from one YAML file."""
