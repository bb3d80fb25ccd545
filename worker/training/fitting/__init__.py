"""From settings and drawings to a network, and what is chosen on records that were left out."""
