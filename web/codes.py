"""Codes that people read off paper and type: letters that nobody mixes up, in groups, in any writing."""

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUP = 4


def new_code(length: int) -> str:
    """Five bits a letter."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def grouped(code: str) -> str:
    """As it is printed: ABCD-EFGH-JKLM."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def ungrouped(text: str) -> str:
    """What was meant by what was typed: small letters, blanks and dashes are welcome."""
    return "".join(letter for letter in text.upper() if letter.isalnum())
