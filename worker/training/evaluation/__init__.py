"""What a network answers, and the figures of that."""
