"""Rule presets: each is added with one click."""
