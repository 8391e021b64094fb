"""The callback list: whom to call, of all apps in one list, worked through by key."""
