"""The guard in conftest.py: a test that reaches for another machine fails, loopback works."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_another_machine_is_refused(host: str):
    """Both addresses are reserved for documentation: nobody is there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as outside, pytest.raises(pytest.fail.Exception, match="no network"):
        outside.connect((host, 80))


def test_a_name_of_another_machine_is_not_looked_up():
    with pytest.raises(pytest.fail.Exception, match="no network"):
        socket.getaddrinfo("example.org", 80)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
