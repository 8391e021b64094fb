"""Where files are kept: a folder or a bucket, and moving and deleting trees of them."""
