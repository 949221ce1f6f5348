"""Event streams: what a room shows, sent to everybody in it when it changes."""
