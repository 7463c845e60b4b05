"""fengong serve: the desk, on which the records of an OUTPUT are read, checked and corrected."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.cli.terminal import say
from pipeline.cli.usage import UsageError
from pipeline.dataset.record_files import find_record_paths
from pipeline.errors import OutputError

if TYPE_CHECKING:
    import argparse

_COMMAND = "serve"
_NEEDED = ("fastapi", "multipart", "uvicorn")
_SHORTEST_TOKEN = 16


def run(args: argparse.Namespace) -> int:
    """Serve the desk until it is stopped. Raises UsageError, OutputError."""
    if any(find_spec(name) is None for name in _NEEDED):
        remedy = "install it: pip install fastapi python-multipart uvicorn"
        fact = "the desk needs the extra web"
        raise OutputError(_COMMAND, fact, remedy)
    from pipeline.web.serving import serve  # noqa: PLC0415 - only where the extra is installed
    from pipeline.web.settings import DeskSettings, is_loopback  # noqa: PLC0415

    settings = DeskSettings(
        output=args.dataset,
        host=args.host,
        port=args.port,
        read_token=_read_token("--read-token-env", args.read_token_env),
        write_token=_read_token("--write-token-env", args.write_token_env),
        proxy_user_header=args.behind_proxy_user or "",
        is_read_only=args.read_only,
        allowed_hosts=tuple(args.allow_host or ()),
        inbox=args.inbox,
        uploads=args.uploads,
        largest_upload=args.largest_upload * 1_000_000,
    )
    if not is_loopback(settings.host) and not settings.is_guarded:
        fact = "would let everybody in who reaches this machine"
        remedy = "add --read-token-env and --write-token-env, or --behind-proxy-user"
        raise UsageError(f"--host {settings.host}", fact, remedy)
    if args.inbox and not args.inbox.is_dir():
        raise UsageError(f"--inbox {args.inbox}", "is no folder", "name a folder of documents")
    find_record_paths(settings.output)
    serve(settings, lambda address: say(f"the desk is open at {address} (Ctrl-C closes it)"))
    return 0


def _read_token(option: str, variable: str | None) -> str:
    """Return the token in a variable of the environment: arguments are seen by all users of a machine."""
    if not variable:
        return ""
    token = os.environ.get(variable, "").strip()
    if len(token) < _SHORTEST_TOKEN:
        fact = f"the variable {variable} has no token of {_SHORTEST_TOKEN} characters or more"
        raise UsageError(
            option, fact, f"set it, for example: export {variable}=$(openssl rand -hex 16)"
        )
    return token
