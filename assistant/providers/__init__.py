"""Language models: the port, and an adapter for each kind of server. No tools are ever offered to a model."""
