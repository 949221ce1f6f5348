"""The project: settings, address table and the two server entry points. Nothing imports it but the server."""
