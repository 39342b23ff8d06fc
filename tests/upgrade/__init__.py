"""A site as commit 9c7b836 left it, and what it must still do under today's code."""
