"""Verbs over several rows, or with a transaction."""
