"""A PostgreSQL server of the tests' own, on loopback, gone when they end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_server() -> Path | None:
    """Where the server's programs lie: on the PATH, or where Debian puts them."""
    found = [Path(there).resolve().parent] if (there := shutil.which("initdb")) else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "pg_ctl").exists()), None)


@contextmanager
def run_server(programs: Path) -> Iterator[str]:
    """The URL of a server that has just been made, without a database's name."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="fengong-postgres-"))
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)

    def run(program: str, *args: str) -> None:
        with (folder / "log").open("a") as log:
            subprocess.run(
                [str(programs / program), "-D", str(folder / "data"), *args],
                check=True,
                stdout=log,
                stderr=log,
                user=user,
                cwd=folder,
            )

    try:
        run("initdb", "-A", "trust", "-U", "fengong", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        run("pg_ctl", "-w", "-o", f"{options} -c fsync=off", "start")
        yield f"postgresql://fengong@127.0.0.1:{port}"
        run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
