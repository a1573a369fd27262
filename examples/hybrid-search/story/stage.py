"""Where the story plays: a repository of its own, the stand-in for Bedrock, and the tool."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent


class Stage:
    """Refuses a folder that exists, a machine without Django and numpy, and a tool that fails."""

    def __init__(self, keep, binary, delay):
        self.python = interpreter()
        self.keep, self.delay, self.upstream = keep, delay, None
        if keep and keep.exists():
            raise SystemExit(f"{keep}: exists already; name a folder that doesn't")
        self.base = keep or Path(tempfile.mkdtemp(prefix="hybrid-search-"))
        self.base.mkdir(parents=True, exist_ok=True)
        self.repo = self.base / "repository"
        self.binary = binary or self.build()

    def build(self):
        root = next((p for p in EXAMPLE.parents if (p / "go.mod").exists()), None)
        if root is None or not shutil.which("go"):
            raise SystemExit("give --binary: here is no clone, or no go, to build autoresearch-skill from")
        binary = self.base / "autoresearch-skill"
        subprocess.run(["go", "build", "-o", binary, "./cmd/autoresearch-skill"], cwd=root, check=True)
        return str(binary)

    def __enter__(self):
        shutil.copytree(EXAMPLE, self.repo, ignore=shutil.ignore_patterns("var", "__pycache__", "node_modules"))
        self.env = {**os.environ, "XDG_STATE_HOME": str(self.base / "state")}
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            self.env.pop(name, None)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "story")
        self.git("config", "user.email", "story@localhost")
        self.git("add", "-A")
        self.git("commit", "-qm", "a hybrid search")
        command = [self.python, "-m", "upstream", "--port", "0", "--delay", str(self.delay)]
        self.upstream = subprocess.Popen(command, cwd=self.repo, stdout=subprocess.PIPE, text=True)
        self.env["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = self.upstream.stdout.readline().strip()
        self.manage("load_articles")
        return self

    def __exit__(self, *_):
        self.upstream.terminate()
        self.upstream.wait()

    def path(self, name):
        return str(self.base / name)

    def write(self, name, text):
        Path(self.path(name)).write_text(text, encoding="utf-8")

    def say(self, text):
        print(text, flush=True)

    def git(self, *args):
        subprocess.run(["git", *args], cwd=self.repo, env=self.env, check=True)

    def manage(self, *args, **env):
        subprocess.run([self.python, "manage.py", *args], cwd=self.repo, env={**self.env, **env}, check=True)

    def tool(self, *args, quiet=False, fine=(0,)):
        """Runs autoresearch-skill and shows what it says, unless quiet; returns that."""
        user = ["--i-am-the-user"] if args[0] in ("new", "next", "check", "start", "finish") else []
        got = subprocess.run([self.binary, *args, *user], cwd=self.repo, env=self.env, capture_output=True, text=True)
        if got.returncode not in fine:
            raise SystemExit(f"autoresearch-skill {' '.join(args)} ended with {got.returncode}:\n{got.stdout}{got.stderr}")
        if not quiet:
            self.say(f"$ autoresearch-skill {' '.join(args)}\n{got.stdout.rstrip()}")
        return got.stdout


def interpreter():
    """A Python that has Django and numpy: this one, or the system's."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import django, numpy"], capture_output=True).returncode == 0:
            return python
    raise SystemExit("no Python here has django and numpy: uv sync, or apt-get install python3-django python3-numpy")
