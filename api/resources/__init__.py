"""The resources of the API, one module each: how a record is shown, and the verbs that a request calls."""
