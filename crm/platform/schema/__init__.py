"""Changes of the schema beside a running release: rules for migrations, brief locks, and partitions by time."""
