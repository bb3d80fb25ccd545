"""How truly pictures are read: drawn by the generator, read by the worker's reader, held against what was drawn."""
