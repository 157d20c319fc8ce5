"""What holds for every test: no network but loopback, quick databases, and the slow browser tests run last."""

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import settings

from tests import many_databases

pytest_plugins = ["tests.databases"]

# No deadline: cores are shared. The same examples every time: a failure in CI is the failure at your desk.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
many_databases.install()


def is_loopback(host: str) -> bool:
    """True for this machine's own addresses and names."""
    if host in {"", "localhost", "ip6-localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_outside(host: Any) -> None:
    """Fail the test that reaches for another machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and not is_loopback(name):
        pytest.fail(f"a test tried to reach {name}: tests use no network but loopback", pytrace=True)


@pytest.fixture(autouse=True, scope="session")
def no_outside_network():
    """Only loopback and Unix sockets connect; everything else fails the test that tried."""
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex
    real_getaddrinfo = socket.getaddrinfo

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse_outside(address[0])
        return real_connect(self, address)

    def connect_ex(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse_outside(address[0])
        return real_connect_ex(self, address)

    def getaddrinfo(host, *args, **kwargs):
        refuse_outside(host)
        return real_getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


def pytest_collection_modifyitems(items):
    """Unit tests first: they fail in seconds; the browser tests come last."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)
