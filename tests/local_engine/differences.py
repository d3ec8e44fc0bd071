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
# What the CLI imports is saved before it asks for a schema in order to write code, which no dynamic provider has.
_NO_CODE = "writing code is not a matter of the state: the local engine works as with --generate-code=false"
DIFFERENCES |= {
    ("s09-import-cli", step, what): _NO_CODE
    for step in ("03-import", "08-importnoblob")
    for what in ("exit code", "lives of hosts")
}
_PLAINER = (
    "refused as well, in one sentence that says what to do and without a report to Pulumi; nothing is overwritten"
)
DIFFERENCES |= {
    (scenario, step, "refusal"): _PLAINER
    for scenario, steps in {
        "s17-lifecycle": ("14-rm",),
        "s17b-passphrase": ("03-preview-wrong", "04-preview-none"),
        "s18-magic": (
            "04-import-badmagic",
            "05-import-nomagic",
            "07-preview-badmagic",
            "08-up-badmagic",
            "10-preview-badorder",
        ),
    }.items()
    for step in steps
}
DIFFERENCES["s19-json", "09-expect2", "refusal"] = "the sentence is that of `billing`, which tests/billing_cli compares"
_ORPHAN = "Pulumi leaves the host of a killed engine behind, which goes on with its calls; ours ends with the engine"
DIFFERENCES |= {
    (scenario, step, "answers after the kill"): _ORPHAN
    for scenario, step in (
        ("s12-kill", "02-up-killed"),
        ("s12b-kill-update", "03-up-killed"),
        ("s12c-kill-delete", "03-up-killed"),
        ("s12d-clearpending", "02-up"),
    )
}
# Single steps that are not played.
STEPS_NOT_PLAYED = {
    ("s17-lifecycle", "11-stack"): "a page of text about a stack; `billing stack ls` and `output` tell the same",
    ("s17-lifecycle", "12-history"): "the history is written as the CLI does, and read with the CLI",
    ("s19-json", "05-pj"): "the CLI's streamed form of previews, asked for by a variable of its own",
    ("s19-json", "07-eventlog"): "an option of the CLI for its own developers",
}
# Where things happen one after the other, every single write of the state is the same, in the same order. Elsewhere the
# order of writes is the order in which parallel steps happen to end.
ONE_BY_ONE = {
    "s04-replace.04-up",
    "s05-dbr.04-up",
    "s05b-dbr-cascade.04-up",
    "s08-refresh.05-refresh",
    "s09b-import-opt.03-up",
    "s10-get.03-up",
    "s11d-updatefail.03-up",
    "s13b-retain.03-up-replace",
    "s13e-alias.04-up",
    "s13f-component.03-up",
    "s13j-dbr-option.03-up",
    "s35-none-newinputs.03-up-nochange",
    "s35-none-newinputs.04-up-diffnone",
    "s36-import-empty.02-import",
    "s37-import-otherid.03-up",
}
# Scenarios that are not played, or not yet.
NOT_PLAYED = {
    "s22-legacyfeatures": "its monitor hides GetDeploymentInfo; test_protocol.py plays it so",
    "s27-invoke": "invokes are refused with a sentence that names the CLI, which test_deployment.py tests",
}
# Where the CLI itself does now this, now that.
LIVE_RACES = {place: reason for place, reason in DIFFERENCES.items() if reason == _RACE} | {
    ("s07-destroy", "03-previewdestroy", "lives of hosts"): "whether a second host is configured before it is cancelled"
}
# Scenarios that are not played on the CLI that is installed.
_CUT = "the engine is killed or interrupted in the middle of a call, a moment that only the recording could choose"
NOT_LIVE: dict[str, str] = dict.fromkeys(
    ["s12-kill", "s12b-kill-update", "s12c-kill-delete", "s12d-clearpending", "s28-sigint"], _CUT
)
NOT_LIVE["s09-import-cli"] = (
    "the CLI goes on to write code and starts a second host for it, which the comparison leaves out"
)
