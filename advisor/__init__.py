"""Who should own the expansion, and which team should stand around the account."""
