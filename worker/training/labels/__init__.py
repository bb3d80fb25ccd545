"""Learning from confirmed labels."""
