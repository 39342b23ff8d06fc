"""Sentences about files speak of what people were doing."""

from uploads.problems import PROBLEMS

OF_SCANS = {"too_small", "broken_page", "odd_page", "zip_in_zip"}  # raised by what opens answer sheets alone


def test_only_what_is_wrong_with_a_scan_is_told_in_words_of_scanning():
    assert {reason for reason, sentence in PROBLEMS.items() if "scan" in sentence.lower()} == OF_SCANS
