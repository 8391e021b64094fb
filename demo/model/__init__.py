"""The demo's model server: it answers as a language model's server does, with canned and hostile answers."""
