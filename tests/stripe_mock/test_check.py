"""The check itself: what it lets pass, and what it says of the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stripe_mock import check
from tests.stripe_mock.installed import Judge
from tests.stripe_mock.recorded import recorded


def judged(stripe_mock: Judge, operation: str, form: str) -> check.Verdict:
    """What comes of one request."""
    return check.judge([recorded(entry(operation, form))], stripe_mock)


def entry(operation: str, form: str) -> dict[str, str]:
    """One line of a record."""
    method, route = operation.split(" ")
    query, body = ("", form) if method == "POST" else (form, "")
    path = route.replace("{id}", "id_1")
    return {"route": operation, "method": method, "path": path, "query": query, "body": body, "shape": form}


@pytest.mark.parametrize(
    ("operation", "form"),
    [
        ("POST /v1/products", "name=Team&marketing_features[0][name]=SSO&metadata[a]=1"),
        ("GET /v1/products", "limit=100&created[gte]=1700000000"),
        ("DELETE /v1/products/{id}", ""),
        ("POST /v1/products/{id}", "description="),
        ("POST /v1/prices", "currency=usd&currency_options[eur][tiers][0][up_to]=inf"),
    ],
)
def test_good_request_is_accepted(stripe_mock: Judge, operation: str, form: str) -> None:
    """Nothing is taken out of it, and nothing is said."""
    verdict = judged(stripe_mock, operation, form)
    assert (len(verdict.accepted), verdict.newer, verdict.refusals) == (1, set(), [])


@pytest.mark.parametrize(
    ("operation", "form", "blamed"),
    [
        ("POST /v1/products", "name=Team&colour=red", "colour"),
        ("GET /v1/products", "colour=red", "colour"),
        ("POST /v1/products", "name=Team&marketing_features[0][nmae]=SSO", "marketing_features[0][nmae]"),
        ("POST /v1/prices", "currency=usd&currency_options[eur][colour]=red", "currency_options[eur][colour]"),
    ],
)
def test_parameter_that_stripe_has_not_is_named(stripe_mock: Judge, operation: str, form: str, blamed: str) -> None:
    """Inside lists and maps as well, where stripe-mock itself would not look."""
    [refusal] = judged(stripe_mock, operation, form).refusals
    assert refusal.startswith(f"{operation}: {blamed}: the specification has no such parameter (sent: {form}); correct")


def test_value_that_stripe_refuses_is_named_with_its_reason(stripe_mock: Judge) -> None:
    """What stripe-mock said follows the parameter that made it say so."""
    [refusal] = judged(stripe_mock, "POST /v1/prices", "currency=usd&unit_amount=12.5&nickname=a").refusals
    assert refusal.startswith("POST /v1/prices: unit_amount: 400: object property 'unit_amount' validation failed: ")


def test_missing_parameter_is_nobodys_fault(stripe_mock: Judge) -> None:
    """The sentence of stripe-mock names it."""
    [refusal] = judged(stripe_mock, "POST /v1/products", "description=a").refusals
    assert "no single parameter: 400: object property 'name' is required" in refusal


def test_unlisted_operation_is_refused(stripe_mock: Judge) -> None:
    """An operation that nobody declared to be newer must be there."""
    [refusal] = judged(stripe_mock, "POST /v1/plums", "").refusals
    assert "404: Unrecognized request URL" in refusal


def test_listed_parameter_is_taken_out_and_counted(stripe_mock: Judge) -> None:
    """What is newer than stripe-mock's specification, by the list, does not stop the rest from being judged."""
    verdict = judged(stripe_mock, "POST /v1/products", "name=Team&tax_details[performance_location]=a")
    assert verdict.newer == {("POST /v1/products", "tax_details[performance_location]")}
    assert len(verdict.accepted) == 1
    assert judged(stripe_mock, "POST /v1/products", "name=Team&tax_details[a]=a&colour=red").refusals


def test_listed_operation_is_counted(stripe_mock: Judge) -> None:
    """The v2 namespace is not stripe-mock's."""
    verdict = judged(stripe_mock, "POST /v2/core/event_destinations/{id}/ping", "{}")
    assert (len(verdict.unknown), verdict.accepted, verdict.refusals) == (1, [], [])


def test_record_is_judged(specification: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each shape is judged once; one refusal makes the check fail."""
    good, bad = entry("POST /v1/products", "name=a"), entry("POST /v1/products", "name=a&colour=red")
    write(tmp_path / "1.jsonl", good)
    write(tmp_path / "2.jsonl", good)
    assert check.main([str(tmp_path)]) == 0
    assert "accepts 1 shapes of requests to 1 operations" in capsys.readouterr().out
    write(tmp_path / "3.jsonl", bad)
    assert check.main([str(tmp_path)]) == 1
    assert "POST /v1/products: colour: " in capsys.readouterr().out


def write(file: Path, line: dict[str, str]) -> None:
    """Write a record of one line."""
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")


def test_empty_record_is_an_error(specification: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A suite that recorded nothing was not judged."""
    assert check.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith(f"no request was recorded in {tmp_path}: ")


def test_skip_is_visible(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without stripe-mock the check passes, and says that it did not take place."""
    monkeypatch.setattr(check, "is_installed", lambda: False)
    assert check.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("SKIPPED: no request was judged by stripe-mock: ")
