"""A mail server that forwards nothing: each message becomes one ``.eml`` file in ``$CARTON_DATA_DIR/mail/``."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.places import HOST, Ports
from include.settings import data_dir

_numbers = itertools.count(1)


class KeepAsFiles:
    """An aiosmtpd handler that writes every message into a folder; names sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one message. A reader of the folder never sees half of it."""
        name = f"{time.time_ns():019d}-{os.getpid()}-{next(_numbers):04d}.eml"
        content = envelope.original_content or b""
        unfinished = self.folder / f".{name}.part"
        unfinished.write_bytes(content)
        unfinished.rename(self.folder / name)
        return "250 kept"


def sink(folder: Path, port: int) -> Controller:
    """A mail server on the loopback address; ``start()`` and ``stop()`` it."""
    return Controller(KeepAsFiles(folder), hostname=HOST, port=port, ready_timeout=20)


def main() -> None:
    """Serve until told to stop."""
    folder, port = data_dir().mail, Ports.from_env().smtp
    stopping = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stopping.set())
    controller = sink(folder, port)
    controller.start()
    print(f"Mail sink on {HOST}:{port}, messages in {folder}", flush=True)
    stopping.wait()
    controller.stop()


if __name__ == "__main__":
    main()
