"""Takes a connection over from the web server, so that an open stream occupies no thread of it.

gunicorn gives each request its socket. Once the head of the answer has been sent, the connection is ours: what
gunicorn still holds is made to point at a dead end, which it closes as it would have closed the connection.
"""

import os
import socket

from flask import abort, request

CANNOT = "This web server cannot hand over connections, which event streams need: start it with `wrenchtime serve`."
DEAD_AFTER_MS = 60_000
"""A phone that left coverage says no good-bye: what it has not acknowledged for so long ends the connection."""


def get_server_socket() -> socket.socket:
    """The request's connection as the web server knows it; 501 from servers that do not tell."""
    found = request.environ.get("gunicorn.socket")
    if not isinstance(found, socket.socket):
        abort(501, description=CANNOT)
    return found


def take_over(server_socket: socket.socket) -> socket.socket:
    """The connection as a socket of our own, which never blocks. What the server has left is a dead end."""
    ours = server_socket.dup()
    dead_end, other_end = socket.socketpair()
    with dead_end, other_end:
        os.dup2(dead_end.fileno(), server_socket.fileno(), inheritable=False)
    ours.setblocking(False)
    if hasattr(socket, "TCP_USER_TIMEOUT") and ours.family != socket.AF_UNIX:
        ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER_MS)
    return ours
