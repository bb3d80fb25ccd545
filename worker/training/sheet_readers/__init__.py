"""The networks that read sheets (rows of curves, printed signs): generated pages, their fit, and what is shipped."""
