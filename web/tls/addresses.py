"""Under which names and addresses others reach this machine. Asks nobody else, so that no name server holds it up."""

import re
import socket
import struct
import sys
from contextlib import closing, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

Address = IPv4Address | IPv6Address

# Of containers and virtual machines: they come and go, and no phone is among them
INSIDE = ("lo", "docker", "br-", "veth", "virbr", "podman", "cni")
ELSEWHERE = ("192.0.2.1", 9)  # of no machine (RFC 5737); nothing is sent there
SIOCGIFADDR = 0x8915  # netdevice(7)
NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def own_hosts() -> list[str]:
    """As they stand in a URL; the address by which this machine reaches others comes first, names come last."""
    addresses = dict.fromkeys([*first_address(), *interface_addresses(), *wide_ipv6_addresses()])
    shown = [f"[{one}]" if one.version == 6 else str(one) for one in addresses if is_reachable(one)]
    name = socket.gethostname().lower().rstrip(".")
    names = [name, f"{name.partition('.')[0]}.local"] if NAME.fullmatch(name) else []
    return [*shown, *(one for one in names if not one.startswith("localhost"))]


def is_reachable(address: Address) -> bool:
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)


def first_address() -> list[Address]:
    """None where the machine is in no network."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe, suppress(OSError):
        probe.connect(ELSEWHERE)  # of UDP: only chooses the way
        return [ip_address(probe.getsockname()[0])]
    return []


def interface_addresses() -> list[Address]:
    """The IPv4 address of each network of this machine; on Linux alone, elsewhere the first one has to do."""
    if sys.platform != "linux":
        return []
    found: list[Address] = []
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        for _index, name in socket.if_nameindex():
            if not name.startswith(INSIDE) and (address := address_of(probe, name)):
                found.append(address)
    return found


def address_of(probe: socket.socket, interface: str) -> Address | None:
    """None where it has none."""
    from fcntl import ioctl  # noqa: PLC0415 (not everywhere)

    with suppress(OSError):
        answer = ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", interface.encode()[:15]))
        return ip_address(answer[20:24])
    return None


def wide_ipv6_addresses() -> list[Address]:
    """Those that are valid beyond their cable: /proc/net/if_inet6 of Linux."""
    with suppress(OSError):
        lines = [line.split() for line in Path("/proc/net/if_inet6").read_text().splitlines()]
        return [
            IPv6Address(bytes.fromhex(number))
            for number, *_between, scope, flags, name in lines
            if int(scope, 16) == 0 and not int(flags, 16) & 1 and not name.startswith(INSIDE)
        ]
    return []
