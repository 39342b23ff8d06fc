"""Faces that never were: three generators in the order of their invention, how they learn, and how good they are."""
