"""A price list for a terminal, in Markdown, as a page, and for programs; what the catalog says is only text in each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from html import escape

import click

from billing_cli.price_list.listing import ListedPlan, ListedPrice, PriceList

VERSION = 1
_HEADS = ("from", "to", "each", "once")


def as_term(listed: PriceList) -> str:
    """For a terminal."""
    lines = [line for plan in (*listed.plans, *listed.products) for line in (*_plan_lines(plan), "")]
    return "\n".join(lines).rstrip("\n")


def _plan_lines(plan: ListedPlan) -> Iterator[str]:
    about = [one for one in (plan.badge, f"for {plan.audience}" if plan.audience else "") if one]
    yield click.style(_plain(plan.name), bold=True) + (f"  ({_plain(', '.join(about))})" if about else "")
    if plan.description:
        yield f"  {_plain(plan.description)}"
    if plan.is_free:
        yield "  free"
    for price in plan.prices:
        yield f"  {_plain(' · '.join([price.amount, *price.notes]))}"
        yield from (f"    {line}" for line in _tier_lines(price))
    yield from (f"  - {_plain(one)}" for one in plan.included)


def _tier_lines(price: ListedPrice) -> Iterator[str]:
    if not price.tiers:
        return
    yield price.tiers_heading
    rows = _rows(price)
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _rows(price: ListedPrice) -> list[list[str]]:
    """The table of the tiers, its heads first; a column with nothing in it is left out."""
    rows = [[tier.first, tier.last, tier.unit, tier.flat] for tier in price.tiers]
    shown = [index for index in range(len(_HEADS)) if any(row[index] for row in rows)]
    return [[row[index] for index in shown] for row in ([*_HEADS], *rows)]


def as_md(listed: PriceList) -> str:
    """For a page of documentation, or a comment."""
    blocks = [block for plan in (*listed.plans, *listed.products) for block in _plan_blocks(plan)]
    return "\n\n".join(blocks)


def _plan_blocks(plan: ListedPlan) -> Iterator[str]:
    yield f"## {_md(plan.name)}" + (f" · {_md(plan.badge)}" if plan.badge else "")
    if plan.description:
        yield _md(plan.description)
    facts = ["free"] if plan.is_free else []
    facts += [f"for {plan.audience}"] if plan.audience else []
    yield from ([", ".join(facts)] if facts else [])
    for price in plan.prices:
        yield " · ".join([f"**{_md(price.amount)}**", *map(_md, price.notes)])
        yield from _tier_table(price)
    if plan.included:
        yield "\n".join(f"- {_md(one)}" for one in plan.included)


def _tier_table(price: ListedPrice) -> Iterator[str]:
    if not price.tiers:
        return
    yield f"{price.tiers_heading[:1].upper()}{price.tiers_heading[1:]}:"
    heads, *tiers = _rows(price)
    rows = [heads, ["---:"] * len(heads), *tiers]
    yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_html(listed: PriceList) -> str:
    """One page with nothing to load, for light and dark, screens and paper."""
    parts = [_article(plan) for plan in (*listed.plans, *listed.products)]
    head = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Prices</title>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return "\n".join([head, view, f"<style>{_STYLE}</style>", "<main>", *parts, "</main>", "</html>"])


def _article(plan: ListedPlan) -> str:
    badge = f' <span class="badge">{escape(plan.badge)}</span>' if plan.badge else ""
    lines = [f"<article>\n<h2>{escape(plan.name)}{badge}</h2>"]
    lines += [f'<p class="audience">for {escape(plan.audience)}</p>'] if plan.audience else []
    lines += [f"<p>{escape(plan.description)}</p>"] if plan.description else []
    lines += ['<p class="amount">free</p>'] if plan.is_free else []
    for price in plan.prices:
        lines.append(f'<p class="amount">{escape(price.amount)}</p>')
        lines += [f'<p class="note">{escape(" · ".join(price.notes))}</p>'] if price.notes else []
        lines += _tier_html(price)
    items = "".join(f"<li>{escape(one)}</li>" for one in plan.included)
    return "\n".join([*lines, *([f"<ul>{items}</ul>"] if items else []), "</article>"])


def _tier_html(price: ListedPrice) -> list[str]:
    if not price.tiers:
        return []
    heads, *tiers = _rows(price)
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = ["".join(f"<td>{escape(cell)}</td>" for cell in tier) for tier in tiers]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return [f"<table><caption>{escape(price.tiers_heading)}</caption><tr>{head}</tr>{body}</table>"]


def as_json(listed: PriceList) -> str:
    """For programs: the same words, under names that stay."""
    return json.dumps({"version": VERSION, **asdict(listed)}, indent=2, ensure_ascii=False)


def _plain(text: str) -> str:
    """Text without what would move a terminal's cursor."""
    return "".join(one if one.isprintable() else " " for one in text)


def _md(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~@!])", r"\\\1", " ".join(text.split()))


_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
body { margin: 1rem auto; max-width: 75rem; padding: 0 1rem; }
article { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; padding: 1rem; }
h2, p, ul { margin: 0 0 .5rem; } ul { padding-left: 1.25rem; }
.badge { border: 1px solid; border-radius: 1rem; font-size: .75rem; padding: .1rem .5rem; vertical-align: middle; }
.amount { font-size: 1.15rem; font-weight: 600; margin-bottom: 0; }
.note, .audience, caption { font-size: .875rem; opacity: .8; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-bottom: .5rem; width: 100%; }
caption { text-align: left; } th, td { padding: .1rem .4rem; text-align: right; white-space: nowrap; }
tr + tr td { border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
@media print { article { break-inside: avoid; } }
"""
FORMATS: dict[str, Callable[[PriceList], str]] = {"term": as_term, "md": as_md, "html": as_html, "json": as_json}
