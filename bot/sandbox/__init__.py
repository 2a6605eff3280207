"""A local Discord on loopback: REST v10, gateway v10, OAuth2 and a page to play in."""
