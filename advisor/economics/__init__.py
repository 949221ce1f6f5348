"""Numbers around the framework: what a team costs and earns, how sure that is, and what pay does."""
