"""Someone who listens to a stream of events, over a real connection."""

import json
import socket
from typing import Any

PATIENCE_S = 20


class Listener:
    """Reads a stream, chunk by chunk and event by event; every wait ends with a failed test in the end."""

    def __init__(self, connection: socket.socket, is_chunked: bool = True) -> None:
        connection.settimeout(PATIENCE_S)
        self._connection = connection
        self._file = connection.makefile("rb")
        self._is_chunked = is_chunked
        self._text = ""

    def read_head(self) -> tuple[int, dict[str, str]]:
        """The status and the headers of the answer."""
        status = int(self._file.readline().split()[1])
        lines = iter(lambda: self._file.readline().decode().strip(), "")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        self._is_chunked = headers.get("transfer-encoding") == "chunked"
        return status, headers

    def read_event(self) -> dict[str, str] | None:
        """The next block of the stream by its fields; None when the stream has ended."""
        while "\n\n" not in self._text:
            more = self._read_chunk() if self._is_chunked else self._file.readline()
            if not more:
                return None
            self._text += more.decode()
        block, self._text = self._text.split("\n\n", 1)
        return dict(line.split(": ", 1) for line in block.splitlines())

    def read_news(self, count: int) -> list[dict[str, Any]]:
        """That many events, without signs of life between them."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            event = self.read_event()
            assert event is not None, f"the stream ended after {len(found)} of {count} events"
            if "data" in event and "event" not in event:
                found.append({**json.loads(event["data"]), "id": event["id"]})
        return found

    def has_ended(self) -> bool:
        """Wait for the end of the stream; what comes before it does not matter."""
        while self.read_event() is not None:
            pass
        return True

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._connection.close()

    def _read_chunk(self) -> bytes:
        line = self._file.readline()
        if not line:
            return b""
        data = self._file.read(int(line, 16))
        self._file.read(2)
        return data
