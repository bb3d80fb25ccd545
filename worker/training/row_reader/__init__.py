"""The network that reads rows of sheets: generated pages, bands of them, its fit, and what is shipped of it."""
