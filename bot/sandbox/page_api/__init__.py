"""What the page and the tests call for a person: `/sandbox/api`."""
