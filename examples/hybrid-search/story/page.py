"""The report, shown to whoever sits before a screen."""

import os
import shutil
import subprocess
import sys


def opener():
    """The command that opens a file, or None: in CI, without a display, or where there is none."""
    if os.environ.get("CI"):
        return None
    if sys.platform == "win32":
        return ["cmd", "/c", "start", ""]
    if sys.platform == "darwin":
        return ["open"]
    seen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return ["xdg-open"] if seen and shutil.which("xdg-open") else None


def show(stage, report, quiet):
    """Opens the report, unless told not to; says where it is."""
    stage.say(f"the report: {report}")
    command = None if quiet else opener()
    if command:
        # The browser outlives the story, and what it prints is its own.
        subprocess.Popen([*command, str(report)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
