"""The LIR finder: which early behaviour of customers tells who will renew, and whether that can be believed."""
