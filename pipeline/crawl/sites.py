"""Read sites.toml: the sites to watch, how each lists its notices, and how it may be asked."""

from __future__ import annotations

import os
import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.crawl.addresses import AddressRules, parse_address
from pipeline.crawl.fetcher import Asked
from pipeline.errors import CrawlError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Layout = Literal["static", "paged", "json", "script", "post", "feed"]
_ENVIRONMENT = "env:"
_LINE = re.compile(r"at line (\d+)")
_KEYS_REMEDY = "see docs/crawling.md for the keys"
# Headers whose value is a secret, and may stand in the environment only.
_SECRET_HEADER = re.compile(r"auth|cookie|token|key|secret|passw", re.IGNORECASE)


class Site(BaseModel):
    """A site's list and its layout. `url` is its first page.

    `page` is the address of the others, relative to `url`, with {n} for their number from `first` on
    in steps of `step` (in the layout "paged" the second page has the number `first`);
    at most `most_pages` are read. `links` is an XPath of the links on a page; `items` the way to the
    list in JSON (data.list), `title`, `link` and `date` its keys; `variable` the name of a variable in
    a script. `address` is that of a notice where the list has only its number, {value}. `form` is what is
    posted, with {n}; with `form_as_json` as JSON, which may be nested. `take` is "plans", "all", or words of titles.
    `delay` is in seconds. `headers` whose value is "env:NAME" are read from the environment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    url: str
    layout: Layout = "static"
    page: str = ""
    first: int = Field(default=1, ge=0)
    step: int = Field(default=1, ge=1)
    most_pages: int = Field(default=50, ge=1, le=1000)
    links: str = "//a[@href]"
    items: str = ""
    title: str = "title"
    link: str = "url"
    date: str = "date"
    variable: str = ""
    address: str = ""
    form: dict[str, Any] = Field(default_factory=dict)
    form_as_json: bool = False
    take: Literal["plans", "all"] | tuple[str, ...] = "plans"
    delay: float = Field(default=2.0, ge=0)
    recheck_days: float = Field(default=7.0, ge=0)
    allow_hosts: tuple[str, ...] = ()
    allow_private: bool = False
    headers: dict[str, str] = Field(default_factory=dict)
    tested: bool = True
    note: str = ""

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        try:
            return parse_address(url).url
        except CrawlError as error:
            raise ValueError(error.fact) from error

    @field_validator("headers")
    @classmethod
    def _check_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if _SECRET_HEADER.search(name) and not value.startswith(_ENVIRONMENT):
                raise ValueError(name)
        return headers

    @property
    def rules(self) -> AddressRules:
        """What may be asked at this site."""
        return AddressRules(frozenset(self.allow_hosts), self.allow_private)

    def read_headers(self, environment: Mapping[str, str] = os.environ) -> Asked:
        """Return what is sent with every request, secrets to the host of the list only.

        Raises CrawlError for a variable of the environment that is not set.
        """
        plain, secrets = {}, {}
        for name, value in self.headers.items():
            if value.startswith(_ENVIRONMENT):
                variable = value.removeprefix(_ENVIRONMENT)
                found = environment.get(variable, "").strip()
                if not found:
                    fact = f"needs the variable {variable} of the environment"
                    raise CrawlError(self.name, fact, "set it before the run")
                secrets[name] = found
            else:
                plain[name] = value
        return Asked(headers=plain, secrets=secrets, home=self.url)


class Sites(BaseModel):
    """The whole file: who to write to about this program's visits, and the sites."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contact: str = ""
    site: tuple[Site, ...]


def _explain(path: Path, error: ValidationError) -> CrawlError:
    """Return the first fault of a file, without the value: it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    steps = [str(one + 1) if isinstance(one, int) else one for one in first["loc"]]
    # The first site is site.1 for a person who counts them.
    where = ".".join(steps)
    if first["type"] == "extra_forbidden":
        return CrawlError(path, f"has a key that is not known, {where}", _KEYS_REMEDY)
    if first["type"] == "missing":
        return CrawlError(path, f"lacks the key {where}", _KEYS_REMEDY)
    if first["type"] == "value_error" and where.endswith(".headers"):
        remedy = 'write "env:NAME" and set the variable NAME of the environment'
        return CrawlError(path, f"has a secret in it, at {where}", remedy)
    if first["type"] == "value_error":
        return CrawlError(path, f"has no address of a page at {where}", _KEYS_REMEDY)
    return CrawlError(path, f"has a value that cannot be used at {where}", _KEYS_REMEDY)


def sample_sites() -> str:
    """Return a file of sites to begin with; none of its lists has been tried on the web."""
    return (files(__package__) / "sample_sites.toml").read_text("utf-8")


def read_sites(path: Path) -> Sites:
    """Read sites.toml. Raises CrawlError where it cannot be read or understood; no value is repeated."""
    try:
        sites = Sites.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        fact = f"cannot be read ({error.strerror or error})"
        raise CrawlError(path, fact, "check path and rights") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = _LINE.search(str(error))
        fact = f"is no TOML from line {line[1]} on" if line else "is no TOML"
        raise CrawlError(path, fact, _KEYS_REMEDY) from None
    except ValidationError as error:
        raise _explain(path, error) from None
    if not sites.site:
        raise CrawlError(path, "names no site", _KEYS_REMEDY)
    names = [one.name for one in sites.site]
    double = next((one for one in names if names.count(one) > 1), None)
    if double is not None:
        raise CrawlError(path, f"names the site {double!r} twice", "give each a name of its own")
    return sites
