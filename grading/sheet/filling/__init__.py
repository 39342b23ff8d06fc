"""Sheets as students hand them in, for the example, benchmarks and tests: pens, hands, marks and digits of strokes."""
