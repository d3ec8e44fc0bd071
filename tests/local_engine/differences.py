"""Everything in the recordings that is not equal, or not compared, and why that is right."""

from __future__ import annotations

_RACE = "whether the other resources are reached before the refused one is a matter of registration order"
_MAYBE_REACHED = {
    "s14-check": (
        "02-preview",
        "03-previewjson",
        "04-up",
        "05-up",
        "06-up-existing",
        "07-preview-checkerr",
        "08-preview-conferr",
    ),
    "s11d-updatefail": ("03-up",),
    "s11h-codes": ("02-up", "03-upunavail"),
}
# (scenario, step, what) -> reason.
DIFFERENCES: dict[tuple[str, str, str], str] = {
    (scenario, step, what): _RACE
    for scenario, steps in _MAYBE_REACHED.items()
    for step in steps
    for what in ("provider", "monitor", "state", "preview")
}
# Where things happen one after the other, every single write of the state is the same, in the same order. Elsewhere the
# order of writes is the order in which parallel steps happen to end.
ONE_BY_ONE = {
    "s04-replace.04-up",
    "s05-dbr.04-up",
    "s05b-dbr-cascade.04-up",
    "s08-refresh.05-refresh",
    "s10-get.03-up",
    "s11d-updatefail.03-up",
    "s13b-retain.03-up-replace",
    "s13e-alias.04-up",
    "s13f-component.03-up",
    "s13j-dbr-option.03-up",
    "s35-none-newinputs.03-up-nochange",
    "s35-none-newinputs.04-up-diffnone",
}
# Scenarios that are not played, or not yet.
NOT_PLAYED = {
    "s09-import-cli": "",
    "s09b-import-opt": "",
    "s09c-import-mismatch": "",
    "s09d-import-gone": "",
    "s36-import-empty": "",
    "s37-import-otherid": "",
    "s12-kill": "",
    "s12b-kill-update": "",
    "s12c-kill-delete": "",
    "s12d-clearpending": "",
    "s28-sigint": "",
    "s16-target": "",
    "s11b-fail-continue": "",
    "s08b-uprefresh": "",
    "s17-lifecycle": "",
    "s18-magic": "",
    "s17b-passphrase": "",
    "s19-json": "",
    "s21c-noconfigure": "",
    "s22-legacyfeatures": "",
    "s27-invoke": "",
}
