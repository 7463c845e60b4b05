"""Bring the message catalogues up to date with the code: python -m tests.messages.

Prints the messages that lack a translation; a message that the code has no more is removed.
"""

from __future__ import annotations

import sys

from tests.messages.catalogues import LANGUAGES, find_missing, update, write_compiled
from tests.messages.collect import Collector


def main() -> int:
    """Write both catalogues and compile them; return 1 where a translation is missing."""
    collector = Collector()
    messages = collector.collect()
    status = 0
    for language in LANGUAGES:
        catalogue = update(language, messages)
        write_compiled(language, catalogue)
        for one in find_missing(catalogue):
            print(f"{language}: {one}")
            status = 1
    for place in dict.fromkeys(collector.unresolved):
        print(f"not understood: {place}")
        status = 1
    print(f"{len(messages)} messages")
    return status


if __name__ == "__main__":
    sys.exit(main())
