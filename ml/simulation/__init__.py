"""Cells as they arrive from a scanner or a phone: printed, written on by many hands, degraded.

All drawing happens on a float32 grey canvas of CANVAS x CANVAS pixels (paper high, ink low) whose middle SIDE x SIDE
pixels are the cell; the camera moves, blurs and shrinks them to the square that a network reads.
"""
