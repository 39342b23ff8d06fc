"""Figures that the README quotes, each one command: run a file here with the repository's Python."""
