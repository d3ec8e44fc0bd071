"""Stacks and configuration by the Pulumi CLI: the same commands, said and answered by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from billing_cli.engines.pulumi_process import PulumiProcess

if TYPE_CHECKING:
    from pathlib import Path

    from billing_cli.engines.stack_engine import Setting
    from billing_cli.engines.workplace import Workplace


class PulumiStacks:
    """Every command is the CLI's own; values come and go through its own input and output."""

    def __init__(self, command: str, workplace: Workplace) -> None:
        self._process = PulumiProcess(command, workplace.directory)
        self._workplace = workplace

    def has_stack(self) -> bool:
        """Whether the stack has state."""
        return self._process.has_stack(self._workplace.stack)

    def init(self) -> int:
        """``pulumi stack init``, which selects nothing here."""
        return self._process.run(["stack", "init", self._workplace.stack, "--no-select"])

    def ls(self, *, as_json: bool) -> int:
        """``pulumi stack ls``."""
        return self._process.run(["stack", "ls", *_if(as_json, "--json")])

    def rm(self, *, force: bool, preserve_config: bool) -> int:
        """``pulumi stack rm``."""
        options = [*_if(force, "--force"), *_if(preserve_config, "--preserve-config")]
        return self._process.run(["stack", "rm", self._workplace.stack, "--yes", *options])

    def output(self, name: str | None, *, as_json: bool, show_secrets: bool) -> int:
        """``pulumi stack output``."""
        options = [*_if(as_json, "--json"), *_if(show_secrets, "--show-secrets")]
        return self._process.run(["stack", "output", *self._which, *options, "--", *([name] if name else [])])

    def rename(self, new: str) -> int:
        """``pulumi stack rename``."""
        return self._process.run(["stack", "rename", *self._which, "--", new])

    def export(self, file: Path | None, *, show_secrets: bool) -> int:
        """``pulumi stack export``."""
        return self._process.run(["stack", "export", *self._which, *_file(file), *_if(show_secrets, "--show-secrets")])

    def take_in(self, file: Path | None) -> int:
        """``pulumi stack import``."""
        return self._process.run(["stack", "import", *self._which, *_file(file)])

    def urns(self) -> list[str]:
        """The URNs of all resources in the state."""
        found = json.loads(self._process.asked("stack", "export", *self._which))
        return [one["urn"] for one in found["deployment"].get("resources", ())]

    def unprotect(self, urns: list[str]) -> int:
        """``pulumi state unprotect``."""
        return self._process.run(["state", "unprotect", *self._which, "--yes", *(urns or ["--all"])])

    def cancel(self, *, as_json: bool) -> int:
        """``pulumi cancel``, which does not tell how many locks there were."""
        if not as_json:
            return self._process.run(["cancel", *self._which, "--yes"])
        self._process.asked("cancel", *self._which, "--yes")
        click.echo(json.dumps({"stack": self._workplace.stack, "locks": None}, indent=2))
        return 0

    def config_ls(self, *, as_json: bool, show_secrets: bool) -> int:
        """``pulumi config``."""
        return self._config([], *_if(as_json, "--json"), *_if(show_secrets, "--show-secrets"))

    def config_get(self, setting: Setting, *, as_json: bool) -> int:
        """``pulumi config get``."""
        return self._config(["get"], *_if(setting.is_path, "--path"), *_if(as_json, "--json"), "--", setting.key)

    def config_value(self, key: str) -> str:
        """``pulumi config get``, for its answer."""
        self._make_known()
        return self._process.asked("config", "get", *self._which, *self._chosen, "--", key).removesuffix("\n")

    def config_set(self, setting: Setting, value: str | None, *, secret: bool) -> int:
        """``pulumi config set``; it asks for, or reads, a value that is not there."""
        options = [*_if(setting.is_path, "--path"), *_if(secret, "--secret")]
        return self._config(["set"], *options, "--", setting.key, *([] if value is None else [value]))

    def config_rm(self, setting: Setting) -> int:
        """``pulumi config rm``."""
        return self._config(["rm"], *_if(setting.is_path, "--path"), "--", setting.key)

    def _config(self, verb: list[str], *arguments: str) -> int:
        self._make_known()
        return self._process.run(["config", *verb, *self._which, *self._chosen, *arguments])

    def _make_known(self) -> None:
        """Give the stack a state: the CLI knows settings only with one."""
        if not self.has_stack():
            self._process.asked("stack", "init", self._workplace.stack, "--no-select")

    @property
    def _chosen(self) -> list[str]:
        file = self._workplace.config_file
        return ["--config-file", str(file)] if file else []

    @property
    def _which(self) -> list[str]:
        return ["--stack", self._workplace.stack]


def _if(wanted: bool, option: str) -> list[str]:
    return [option] if wanted else []


def _file(path: Path | None) -> list[str]:
    return ["--file", str(path)] if path else []
