"""Words of the operating system that stand within messages."""

from __future__ import annotations

# What strerror says where reading and writing of files fails, and how an OSError says it.
SYSTEM_MESSAGES = (
    "[Errno {number}] {strerror}: {path!r}",
    "[Errno {number}] {strerror}",
    "Argument list too long",
    "Bad file descriptor",
    "Broken pipe",
    "Cannot allocate memory",
    "Connection refused",
    "Device or resource busy",
    "Disk quota exceeded",
    "File exists",
    "File name too long",
    "File too large",
    "Input/output error",
    "Invalid argument",
    "Invalid cross-device link",
    "Is a directory",
    "No space left on device",
    "No such device or address",
    "No such file or directory",
    "Not a directory",
    "Directory not empty",
    "Operation not permitted",
    "Permission denied",
    "Read-only file system",
    "Resource temporarily unavailable",
    "Text file busy",
    "Too many levels of symbolic links",
    "Too many open files",
)
