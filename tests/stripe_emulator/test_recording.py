"""What was asked and granted, kept in a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import stripe

from stripe_emulator import Server, serve

ROOT = Path(__file__).resolve().parents[2]


def recorded(folder: Path) -> list[dict[str, Any]]:
    """Every line of a folder."""
    return [json.loads(line) for file in folder.iterdir() for line in file.read_text(encoding="utf-8").splitlines()]


def client_of(server: Server) -> stripe.StripeClient:
    """The official client of an emulator."""
    return stripe.StripeClient("sk_test_emulator", base_addresses={"api": server.url})


def test_granted_request_is_recorded_as_it_was_sent(tmp_path: Path) -> None:
    """A line has the route, the address, and the form just as it came."""
    with serve(record=tmp_path) as server:
        product = client_of(server).v1.products.create({"name": "Team A", "marketing_features": [{"name": "b"}]})
        client_of(server).v1.products.delete(product.id)
    create, delete = recorded(tmp_path)
    assert (create["route"], create["method"], create["path"]) == ("POST /v1/products", "POST", "/v1/products")
    assert create["body"] == "name=Team+A&marketing_features[0][name]=b"
    assert (delete["route"], delete["path"]) == ("DELETE /v1/products/{id}", f"/v1/products/{product.id}")


def test_refused_request_is_not_recorded(tmp_path: Path) -> None:
    """What Stripe would not have granted says nothing of the client's good requests."""
    with serve(record=tmp_path) as server:
        with pytest.raises(stripe.InvalidRequestError):
            client_of(server).v1.products.retrieve("prod_nobody")
        with pytest.raises(stripe.InvalidRequestError):
            client_of(server).v1.products.create({"name": "Team", "colour": "red"})  # type: ignore[typeddict-unknown-key]
    assert recorded(tmp_path) == []


def test_one_request_of_each_shape_is_recorded(tmp_path: Path) -> None:
    """Other names, ids and metadata keys are the same shape; another parameter or another word of a list is not."""
    recurring: list[Any] = [{"interval": "month"}, {"interval": "month"}, {"interval": "year"}]
    with serve(record=tmp_path) as server:
        prices = client_of(server).v1.prices
        for number, interval in enumerate(recurring):
            data: Any = {"name": f"Team {number}", "metadata": {f"key-{number}": "a"}}
            prices.create({"currency": "usd", "unit_amount": 12, "recurring": interval, "product_data": data})
        prices.create({"currency": "usd", "unit_amount": 12, "product_data": {"name": "Team 4"}})
    bodies = [line["body"] for line in recorded(tmp_path)]
    assert ["interval]=month" in body for body in bodies] == [True, False, False]
    assert ["interval]=year" in body for body in bodies] == [False, True, False]


def test_folder_can_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite records all its emulators by one variable, those in threads as well."""
    monkeypatch.setenv("EMULATED_STRIPE_RECORD", str(tmp_path / "new"))
    with serve() as server:
        client_of(server).v1.products.list()
    assert [line["route"] for line in recorded(tmp_path / "new")] == ["GET /v1/products"]


def test_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    """The program ends before it listens."""
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", "--record", str(tmp_path / "file" / "folder")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("file/folder: Not a directory; choose another folder\n")
