"""Programs that misbehave: what was finished is saved, the reason is one sentence, and nobody is left behind."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest

import local_engine

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

NOTE_PID = 'import pathlib\npathlib.Path(os.environ["TOY_DIR"], "pid").write_text(str(os.getpid()))\n'
FIRST = 'a = Thing("a", label="x", size=1)\n'
# Goes on when the first resource is there, so that what it then does finds something finished.
THEN = FIRST + "def go(_):\n    {}\na.id.apply(go)\n"


def _is_left(stage: Stage) -> bool:
    """Tell whether the program's process is still there."""
    try:
        os.kill(int((stage.toy / "pid").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


ENDINGS = {
    "raise ValueError('boom')": r"Program failed with an unhandled exception:\n[\s\S]*ValueError: boom",
    "os._exit(7)": "an unhandled error occurred: program exited with non-zero exit code: 7",
    "os.kill(os.getpid(), 9)": "an unhandled error occurred: program was ended by signal 9",
    "os.abort()": "an unhandled error occurred: program was ended by signal 6",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_made_before_the_end_is_kept(stage: Stage, ending: str) -> None:
    """A resource that was finished is in the state, and the next run goes on from there."""
    stage.program(NOTE_PID + THEN.format(ending))
    [said] = stage.errors(stage.up())
    assert re.fullmatch(f"error: {ENDINGS[ending]}", said)
    assert "a" in stage.resources()
    assert not _is_left(stage)
    stage.program(FIRST)
    assert stage.up().changes == {"same": 2}


def test_an_exit_is_not_a_traceback(stage: Stage) -> None:
    """Ending with a code says the code, before and after a resource was made."""
    stage.program(FIRST + "import sys; sys.exit(3)")
    assert stage.errors(stage.up()) == ["error: an unhandled error occurred: program exited with non-zero exit code: 3"]


def test_a_flood_of_output_is_passed_on(stage: Stage) -> None:
    """Megabytes on both streams, some without a line's end, neither block the program nor get lost."""
    stage.program(
        "import sys\n"
        'for i in range(10000):\n    print("o" * 100); print("e" * 100, file=sys.stderr)\n'
        'sys.stdout.write("z" * 3_000_000)\n' + FIRST
    )
    result = stage.up()
    assert result.changes == {"create": 2}
    assert sum(len(said["message"]) - 1 for said in result.diagnostics) == 5_000_000


def test_output_in_another_encoding_is_shown_as_well_as_can_be(stage: Stage) -> None:
    """Bytes that are no UTF-8 become marks, on either stream."""
    stage.program('import sys\nsys.stdout.buffer.write(b"caf\\xe9\\n")\nsys.stderr.buffer.write(b"\\xff\\n")\n' + FIRST)
    result = stage.up()
    assert result.exit_code == 0
    assert {said["message"] for said in result.diagnostics} == {
        "caf\N{REPLACEMENT CHARACTER}\n",
        "\N{REPLACEMENT CHARACTER}\n",
    }


def test_a_program_that_is_no_text_is_a_syntax_error(stage: Stage) -> None:
    """The file and the line are named, and nothing of the launcher."""
    (stage.directory / "__main__.py").write_bytes(b'x = "\xff"\n')
    [said] = stage.errors(stage.up())
    assert f'File "{stage.directory}/__main__.py", line 1' in said
    assert "launcher" not in said


def test_odd_names_and_values_survive(stage: Stage) -> None:
    """A name with spaces, signs and a zero byte is a resource like every other, twice in a row."""
    stage.program('Thing("b c/$ \\u00e9 \\0", label="a\\0b", size=1e300)')
    assert stage.up().changes == {"create": 2}
    assert stage.up().changes == {"same": 2}


def test_a_program_that_does_not_listen_is_ended(stage: Stage) -> None:
    """A program that ignores Ctrl-C and never ends is gone after the run."""
    stage.program(
        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n" + NOTE_PID + 'print("waiting")\n'
        "while True: time.sleep(1)\n"
    )
    run = stage.make_run()

    def watch(event: dict[str, Any]) -> None:
        if "waiting" in str(event):
            run.cancel()

    run.on_event = watch
    result = local_engine.up(run)
    assert (result.exit_code, result.diagnostics[-1]["message"]) == (1, "error: update canceled\n")
    assert not _is_left(stage)


def test_a_program_that_fails_beside_a_running_step_waits_for_it(stage: Stage) -> None:
    """What runs when the program fails comes to its end and is saved."""
    stage.program(FIRST + "raise pulumi.RunError('no further')")
    stage.behave(sleep_create={"a": 0.3})
    assert stage.up().exit_code == 1
    assert stage.calls("Create") == [("Create", "a")] * ("a" in stage.resources())
    assert "pending_operations" not in stage.state()
