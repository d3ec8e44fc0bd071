"""Rules for single settings: each takes what the stack has and yields what is to be said."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from billing_cli.explain.findings import Finding, note, problem, warning
from billing_cli.explain.known import KNOWN, NAMESPACES
from billing_cli.explain.written import secret_mode
from billing_resources._engine.settings import ALLOW_DESTRUCTIVE, API_BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from billing_cli.explain.written import Written

Findings = Iterator[Finding]
_ACCOUNT, _VERSION = re.compile(r"acct_\w+"), re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")
_RATE, _SWITCH = re.compile(r"[1-9][0-9]{0,3}"), re.compile(r"true|false", re.IGNORECASE)


@dataclass(frozen=True)
class Stack:
    """What one stack has: its own settings over the project's, and the variables over both."""

    name: str
    project: str
    written: Mapping[str, Written]
    declared: Collection[str]
    """Keys that the project itself declares, for its program."""
    environ: Mapping[str, str]
    is_alone: bool = True
    """Whether it is the one stack that was asked about, so that the environment's key is meant for it."""

    def text(self, key: str) -> str | None:
        """The value that holds, as text; None where nobody says anything, or where it is sealed."""
        variable = KNOWN[key].variable if key in KNOWN else None
        if variable and self.environ.get(variable):
            return self.environ[variable]
        found = self.written.get(key)
        if found is None or found.value is None or found.is_sealed:
            return None
        return str(found.value).lower() if isinstance(found.value, bool) else str(found.value)

    @property
    def key_mode(self) -> str | None:
        """The mode of the key, as far as it can be seen without opening secrets."""
        if given := self.environ.get("STRIPE_API_KEY"):
            return secret_mode(given)
        found = self.written.get("stripe:apiKey")
        return found.key_mode if found is not None else None

    @property
    def is_live(self) -> bool:
        """Whether real money is known to move."""
        return self.text("stripe:mode") == "live" or self.key_mode == "live"


def keys_are_known(stack: Stack) -> Findings:
    """A slip of the pen in a name would mean nothing, silently."""
    for key in stack.written:
        namespace, joint, name = key.partition(":")
        if not joint:
            yield problem(key, f"has no namespace: write {_near(key) or f'<namespace>:{key}'}")
        elif namespace in NAMESPACES and key not in KNOWN and key not in stack.declared:
            yield _stranger(stack, key, _near(name))


def _near(name: str) -> str | None:
    """The setting that was meant, whatever its namespace."""
    bare = {known.partition(":")[2]: known for known in KNOWN}
    found = difflib.get_close_matches(name, bare, n=1)
    return bare[found[0]] if found else None


def _stranger(stack: Stack, key: str, near: str | None) -> Finding:
    if near is not None:
        return problem(key, f"is no setting: did you mean {near}?")
    if key.partition(":")[0] == stack.project:
        return note(key, "means nothing to us: it is the program's own")
    return problem(key, f"is no setting: there are {', '.join(KNOWN)}")


def _shaped(key: str, pattern: re.Pattern[str], wanted: str) -> Callable[[Stack], Findings]:
    def check(stack: Stack) -> Findings:
        value = stack.text(key)
        if value is not None and not pattern.fullmatch(value):
            yield problem(key, f"must be {wanted}")

    check.__doc__ = f"``{key}`` is {wanted}."
    return check


def address_is_one(stack: Stack) -> Findings:
    """``stripe:apiBase`` is an address, and Stripe's own where real money moves."""
    base = stack.text("stripe:apiBase")
    if base is None:
        return
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        yield problem("stripe:apiBase", "is no address: it looks like http://127.0.0.1:12111")
    elif stack.is_live and base.rstrip("/") != API_BASE:
        yield problem("stripe:apiBase", f"leads elsewhere: a live stack talks to {API_BASE} alone")


def key_is_one(stack: Stack) -> Findings:
    """The key is one, of the stack's mode, and lies in no file in plain text."""
    found = stack.written.get("stripe:apiKey")
    if found is not None and not found.is_sealed:
        way = f"`billing config set --secret stripe:apiKey --stack {stack.name}`"
        yield problem("stripe:apiKey", f"is written in plain text: revoke it, and keep the next one with {way}")
    if stack.environ.get("STRIPE_API_KEY") and stack.key_mode is None:
        starts = "sk_test_, sk_live_, rk_test_, rk_live_ or sk_org_"
        yield problem("stripe:apiKey", f"STRIPE_API_KEY must begin with {starts}")
    mode, of_key = stack.text("stripe:mode"), stack.key_mode
    if {mode, of_key} == {"test", "live"}:
        say = problem if stack.is_alone or not stack.environ.get("STRIPE_API_KEY") else note
        yield say("stripe:apiKey", f"is a {of_key} key, but stripe:mode is {mode}: use a {mode} key")


def webhook_secrets_are_sealed(stack: Stack) -> Findings:
    """Signing secrets lie in no file in plain text."""
    key = "billing:webhookSecrets"
    found = stack.written.get(key)
    if found is None or found.is_sealed:
        return
    if not isinstance(found.value, dict):
        yield problem(key, "takes an object: the signing secrets by their names")
        return
    for name in found.plain:
        way = f"`billing config set --secret --path {key}.{name} --stack {stack.name}`"
        yield problem(key, f"has the secret of {name} in plain text: rotate it, and keep the next one with {way}")


def live_stack_names_its_account(stack: Stack) -> Findings:
    """A live key of another account would be noticed by the state only, and not by a first run."""
    if stack.is_live and stack.text("stripe:account") is None:
        yield warning("stripe:account", "is not set, and the stack is live: with it no other account is ever touched")


def destruction_is_allowed_for_a_while(stack: Stack) -> Findings:
    """The permission is for one run of a live stack."""
    if (stack.text("billing:allowDestructive") or "").lower() != "true":
        return
    if not stack.is_live:
        yield note("billing:allowDestructive", "does nothing here: only live stacks need such a permission")
        return
    if stack.environ.get(ALLOW_DESTRUCTIVE):
        way = f"unset {ALLOW_DESTRUCTIVE}"
    else:
        way = f"`billing config rm billing:allowDestructive --stack {stack.name}`"
    yield warning("billing:allowDestructive", f"lets this live stack lose objects: when that is done, {way}")


_LARGER = {"billing:overrides", "billing:allowedDifferences", "billing:webhookSecrets"}


def lists_and_objects(stack: Stack) -> Findings:
    """Only three settings are more than a text."""
    for key, found in stack.written.items():
        is_plain = not isinstance(found.value, (dict, list))
        if key in KNOWN and not is_plain and key not in _LARGER:
            yield problem(key, "takes a single value")


CHECKS: tuple[Callable[[Stack], Findings], ...] = (
    keys_are_known,
    lists_and_objects,
    _shaped("stripe:mode", re.compile("test|live"), "test or live"),
    _shaped("stripe:account", _ACCOUNT, "the id of an account: acct_…"),
    _shaped("stripe:rateLimit", _RATE, "a whole number of requests in a second, from 1 to 9999"),
    _shaped("stripe:apiVersion", _VERSION, "a version of Stripe's API: 2026-10-28.endive"),
    _shaped("billing:allowDestructive", _SWITCH, "true or false"),
    _shaped("billing:protect", _SWITCH, "true or false"),
    address_is_one,
    key_is_one,
    webhook_secrets_are_sealed,
    live_stack_names_its_account,
    destruction_is_allowed_for_a_while,
)


def findings(stack: Stack) -> list[Finding]:
    """Everything to be said of the stack's single settings."""
    return [one for check in CHECKS for one in check(stack)]
