"""Sheets of another program: OMRChecker's templates (version 1), their answer keys, and pictures of such sheets.

Their pages have no code and mostly no markers of ours, so that a page is found by its outline and its print.
"""
