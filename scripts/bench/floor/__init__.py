"""The bare floors: the same job with the same libraries, and nothing else. A Django app, so that it may have tables."""
