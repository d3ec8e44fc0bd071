"""Users and organizations, in the application's own database. Nothing about money is kept here."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS organization (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS member (
  organization TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (organization, person)
);
CREATE TABLE IF NOT EXISTS invitation (id TEXT PRIMARY KEY, organization TEXT NOT NULL, email TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Person:
    """Somebody who has signed up."""

    id: str
    name: str
    email: str


@dataclass(frozen=True)
class Organization:
    """An organization as one of its members sees it."""

    id: str
    name: str
    role: str


class People:
    """The application's database."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._changing() as database:
            database.executescript(_TABLES)

    def sign_up(self, name: str, email: str, organization: str) -> Person:
        """A new person, owner of a new organization; who is known by this address comes back as he is."""
        known = self._one("SELECT id, name, email FROM person WHERE email = ?", email)
        if known:
            return Person(*known)
        person = self._add_person(name, email)
        place = f"org_{secrets.token_hex(6)}"
        with self._changing() as database:
            database.execute("INSERT INTO organization VALUES (?, ?)", (place, organization))
            database.execute("INSERT INTO member VALUES (?, ?, 'owner')", (place, person.id))
        return person

    def person(self, person: str) -> Person | None:
        """Somebody by id."""
        found = self._one("SELECT id, name, email FROM person WHERE id = ?", person)
        return Person(*found) if found else None

    def organization_of(self, person: str) -> Organization | None:
        """The organization somebody is a member of."""
        found = self._one(
            "SELECT o.id, o.name, m.role FROM organization o JOIN member m ON m.organization = o.id WHERE m.person = ?",
            person,
        )
        return Organization(*found) if found else None

    def role(self, person: str, organization: str) -> str | None:
        """What somebody is in an organization; None for a stranger."""
        found = self._one("SELECT role FROM member WHERE person = ? AND organization = ?", person, organization)
        return found[0] if found else None

    def members(self, organization: str) -> list[tuple[Person, str]]:
        """Members and their roles, owners first."""
        with closing(sqlite3.connect(self._path)) as database:
            rows = database.execute(
                "SELECT p.id, p.name, p.email, m.role FROM person p JOIN member m ON m.person = p.id "
                "WHERE m.organization = ? ORDER BY m.role DESC, p.name",
                (organization,),
            ).fetchall()
        return [(Person(*row[:3]), row[3]) for row in rows]

    def invite(self, organization: str, email: str) -> str:
        """Remember an invitation; answers its id, which is what the link holds."""
        invitation = f"inv_{secrets.token_urlsafe(12)}"
        with self._changing() as database:
            database.execute("INSERT INTO invitation VALUES (?, ?, ?)", (invitation, organization, email))
        return invitation

    def invitations(self, organization: str) -> list[tuple[str, str]]:
        """Open invitations and their addresses."""
        with closing(sqlite3.connect(self._path)) as database:
            query = "SELECT id, email FROM invitation WHERE organization = ? ORDER BY email"
            return database.execute(query, (organization,)).fetchall()

    def invitation(self, invitation: str) -> tuple[str, str, str] | None:
        """The organization, its name and the address of an open invitation."""
        found = self._one(
            "SELECT o.id, o.name, i.email FROM invitation i JOIN organization o ON o.id = i.organization "
            "WHERE i.id = ?",
            invitation,
        )
        return (found[0], found[1], found[2]) if found else None

    def forget_invitation(self, invitation: str) -> None:
        """It was accepted or taken back."""
        with self._changing() as database:
            database.execute("DELETE FROM invitation WHERE id = ?", (invitation,))

    def join(self, organization: str, name: str, email: str) -> Person:
        """Somebody becomes a member."""
        known = self._one("SELECT id, name, email FROM person WHERE email = ?", email)
        person = Person(*known) if known else self._add_person(name, email)
        with self._changing() as database:
            database.execute("INSERT OR IGNORE INTO member VALUES (?, ?, 'member')", (organization, person.id))
        return person

    def leave(self, organization: str, person: str) -> None:
        """Somebody is a member no more; an owner stays."""
        with self._changing() as database:
            query = "DELETE FROM member WHERE organization = ? AND person = ? AND role <> 'owner'"
            database.execute(query, (organization, person))

    def _add_person(self, name: str, email: str) -> Person:
        person = Person(f"user_{secrets.token_hex(6)}", name, email)
        with self._changing() as database:
            database.execute("INSERT INTO person VALUES (?, ?, ?)", (person.id, name, email))
        return person

    def _one(self, query: str, *values: str) -> tuple[str, ...] | None:
        with closing(sqlite3.connect(self._path)) as database:
            row: tuple[str, ...] | None = database.execute(query, values).fetchone()
            return row

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as database, database:
            yield database
