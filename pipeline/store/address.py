"""Show the address of a store without its passwords, however it is written.

Only parts that are known to be no secret are shown. What cannot be told from a password, such as a
host behind a bare @, is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN = "***"
_LEFT_OUT = "…"
# Settings of a connection that are shown.
_SHOWN = frozenset(
    {"host", "hostaddr", "port", "user", "dbname", "sslmode", "service", "mode", "uri"}
)
_PLAIN = re.compile(r"[\w./,:+-]*")
# user:password@host:5432,other:5432/database, each part optional. Must not match: u:p/w (the word
# behind a colon is no port).
_HEAD = re.compile(
    r"""
    (?:(?P<user>[^@]*)@)?
    (?P<host>(?:[\w.-]*|\[[0-9a-fA-F:.]+\])(?::\d*)?(?:,[\w.-]+(?::\d*)?)*)
    (?P<base>/[^/?@:]*)?
    """,
    re.VERBOSE,
)
_USER = re.compile(r"(?P<name>[\w.-]*)(?P<rest>:.*)?", re.DOTALL)
# host=localhost password = 'it''s' : the connection string of PostgreSQL's own library.
_SETTING = re.compile(r"\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)(?=\s|\Z)", re.DOTALL)
_KEYWORDS = re.compile(
    r"\s*(?:host|hostaddr|port|user|dbname|password|passfile|service|sslmode|options|"
    r"connect_timeout|application_name|ssl\w+|client_encoding|target_session_attrs)\s*="
)
# Anything in a message that may be an address: a scheme, or a setting with a password.
_ADDRESS = re.compile(r"\S*(?:postgres\w*(?:\+\w+)?:/|pass\w*\s*=).*", re.IGNORECASE | re.DOTALL)
# A shorter part of a password counts as repeated only where it is a word of its own.
_TELLING = 3


def is_url(place: str) -> bool:
    """Answer whether a place is a URL."""
    return "://" in place


def is_connection_string(place: str) -> bool:
    """Answer whether a place is a connection string such as "host=localhost dbname=plans"."""
    return not is_url(place) and _KEYWORDS.match(place) is not None


def printable_place(place: str) -> str:
    """Return a place as it may be printed: a path as it is, an address without its passwords.

    "postgresql://u:p@h/db" -> "postgresql://u:***@h/db"
    """
    if is_url(place):
        scheme, _, rest = place.partition("://")
        return f"{_plain_scheme(scheme)}://{_printable_rest(scheme, rest)}"
    if is_connection_string(place):
        return " ".join(_printable_settings(place))
    return place


def _plain_scheme(scheme: str) -> str:
    return scheme if re.fullmatch(r"\w+(?:\+\w+)?", scheme) else _LEFT_OUT


def _printable_rest(scheme: str, rest: str) -> str:
    head, mark, query = rest.partition("?")
    # An @ behind the ? may end a password that has a ? in it.
    if "@" in query:
        return _LEFT_OUT
    shown = "".join(f"{mark}{'&'.join(_printable_query(query))}") if mark else ""
    if scheme == "sqlite" and "@" not in head:
        return head + shown
    # The last @ ends the password, even if it has another one in it.
    match = _HEAD.fullmatch(head) if head.count("@") < 2 else None
    if match is None:
        before, at, after = head.rpartition("@")
        match = _HEAD.fullmatch(after) if at and ":" in before else None
        if match is None:
            return _LEFT_OUT
        return f"{_LEFT_OUT}@{after}{shown}"
    user = match["user"]
    return f"{'' if user is None else _printable_user(user) + '@'}{match['host']}{match['base'] or ''}{shown}"


def _printable_user(user: str) -> str:
    match = _USER.fullmatch(user)
    if match is None:
        return HIDDEN
    return f"{match['name']}:{HIDDEN}" if match["rest"] else match["name"]


def _printable_query(query: str) -> Iterator[str]:
    """Yield the settings of a query that may be shown, then a mark for the others."""
    settings = [one.partition("=") for one in query.split("&")]
    known = [one for one in settings if one[0] in _SHOWN and _PLAIN.fullmatch(one[2])]
    yield from ("".join(one) for one in known)
    if len(known) < len(settings):
        yield _LEFT_OUT


def _printable_settings(place: str) -> Iterator[str]:
    """Yield the settings of a connection string that may be shown, then a mark for the others."""
    settings = list(_split_settings(place))
    known = [
        (name, value) for name, value in settings if name in _SHOWN and _PLAIN.fullmatch(value)
    ]
    yield from (f"{name}={value}" for name, value in known)
    if len(known) < len(settings):
        yield _LEFT_OUT


def _split_settings(place: str) -> Iterator[tuple[str, str]]:
    """Split a connection string; one that is written wrong gives a nameless setting, the whole."""
    found, at = [], 0
    while place[at:].strip():
        match = _SETTING.match(place, at)
        if match is None:
            yield "", place
            return
        value = match[2][1:-1] if match[2].startswith("'") else match[2]
        found.append((match[1], re.sub(r"\\(.)", r"\1", value)))
        at = match.end()
    yield from found


def repeats_password(words: str, place: str) -> bool:
    """Answer whether a message repeats a password of a place, or a part of one."""
    return any(_contains(words, secret) for secret in _find_secrets(place))


def _contains(words: str, secret: str) -> bool:
    if len(secret) >= _TELLING:
        return secret in words
    return re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", words) is not None


def _find_secrets(place: str) -> set[str]:
    """Return whatever in an address may be a password, as written, decoded and in parts."""
    found: set[str] = set()
    if is_url(place):
        rest = place.partition("://")[2]
        head, _, query = rest.partition("?")
        for part in (head, rest):
            found.add(part.rpartition("@")[0].partition(":")[2])
        settings = [one.partition("=")[::2] for one in query.split("&")]
        found |= {value for name, value in settings if name not in _SHOWN}
    elif is_connection_string(place):
        found |= {value for name, value in _split_settings(place) if name not in _SHOWN}
    found |= {decode(one) for one in list(found) for decode in (unquote, unquote_plus)}
    # A driver that cuts a password at a bare @ or / repeats one part of it.
    return {part for one in found for part in (one, *re.split(r"[@/:?#&\s]", one)) if part}


def hide_passwords(words: str) -> str:
    """Cut a message where it begins to repeat an address of a database."""
    return _ADDRESS.sub(_LEFT_OUT, words)
