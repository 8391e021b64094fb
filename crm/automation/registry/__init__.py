"""Registry of rules: entries by which apps add record kinds, triggers, actions and stop signals."""
