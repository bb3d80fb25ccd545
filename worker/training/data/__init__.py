"""What is shown of a record, and the drawings that a network learns from."""
