"""Statistics that pages and networks reckon alike. Standard library alone."""
