"""TLS by the site itself (`TLS=1`), by its own certificate authority: where there is neither proxy nor public name.

Phones open a camera for safe pages alone, and a school's machine has no name for which a public authority would sign.
"""
