"""The callback list: customers to call, of all apps in one list."""
