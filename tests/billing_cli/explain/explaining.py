"""`billing config explain` for a stack whose settings the test writes."""

from __future__ import annotations

import json
from typing import Any

from tests.billing_cli.commands_here import Here, Said

NO_WAY = {"PATH": "/nowhere", "PULUMI_BACKEND_URL": "s3://nowhere", "PULUMI_CONFIG_PASSPHRASE": None}


class Explain:
    """Explains one stack whose configuration the test writes."""

    def __init__(self, here: Here) -> None:
        self._here = here

    def __call__(self, *arguments: str, config: str | None = None, **environ: str | None) -> Said:
        """Run the command for stack dev."""
        if config is not None:
            self.write("dev", config)
        return self._here("config", "explain", *arguments, **{**NO_WAY, **environ})

    def write(self, stack: str, config: str) -> None:
        """Give a stack this configuration, a setting a line, from the second line on."""
        lines = "".join(f"  {line}\n" for line in config.splitlines())
        (self._here.directory / "stacks" / f"Pulumi.{stack}.yaml").write_text(f"config:\n{lines}", encoding="utf-8")

    def project(self, text: str) -> None:
        """Add lines to the project's file."""
        path = self._here.directory / "Pulumi.yaml"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def document(self, config: str | None = None, **environ: str | None) -> dict[str, Any]:
        """What is told of stack dev, as JSON."""
        found = json.loads(self("--stack", "dev", "--json", config=config, **environ).out)
        [stack] = found["stacks"]
        return dict(stack)

    def findings(self, config: str | None = None, **environ: str | None) -> list[str]:
        """What is said of stack dev: how grave, which setting, what."""
        found = self.document(config, **environ)["findings"]
        return [f"{one['severity']}: {one['key']} {one['sentence']}" for one in found]
