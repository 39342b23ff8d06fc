"""Whether this process can listen where it shall."""

import errno
import socket

from django.core.management.base import CommandError


def require_free(host: str, port: int) -> None:
    """Raises CommandError where this process cannot listen."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(why_not(error, host, port)) from error


def why_not(error: OSError, host: str, port: int) -> str:
    """The sentence of what keeps this process from listening there, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken. Choose another: PORT=8001 make run"
    if error.errno == errno.EACCES:
        return f"Port {port} is for root alone. Choose one from 1024: PORT=8001 make run"
    if isinstance(error, socket.gaierror):
        return f"HOST={host} is no name or address that is known here. Choose 127.0.0.1, or 0.0.0.0 for all."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST={host} is not an address of this machine. Choose 127.0.0.1, or 0.0.0.0 for all."
    return f"Nothing can listen at HOST={host} PORT={port}: {error.strerror}."
