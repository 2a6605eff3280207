"""OAuth2: the login with the sandbox."""
