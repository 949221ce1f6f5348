"""Input from people and files."""
