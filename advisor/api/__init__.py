"""The JSON API: what a script may do, with a token, as its user in one workspace."""
