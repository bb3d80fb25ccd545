"""Pictures with one thing wrong, and which reason they end with when they cannot be read."""
