"""Runs a command with a real PostgreSQL and a real Redis: python3 -m servers COMMAND …

Starts pgvector (PGlite's, under Node) and redis-server on free ports of the
loopback, sets DATABASE_URL and REDIS_URL, and stops both when the command
ends. Their data is in memory, or in a folder that is removed.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def needed(program, how):
    if not shutil.which(program):
        sys.exit(f"{program} is not here: {how}")


def await_port(port, process, name):
    for _ in range(300):
        if process.poll() is not None:
            sys.exit(f"{name} ended with {process.returncode} before it could be connected to")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"{name} could not be connected to for a minute")


def main():
    if len(sys.argv) < 2:
        sys.exit("python3 -m servers COMMAND …")
    needed("node", "apt-get install nodejs npm")
    needed("redis-server", "apt-get install redis-server")
    if not (HERE / "node_modules").exists():
        sys.exit(f"PGlite is not here: npm install --prefix {HERE}")
    pg, redis = free_port(), free_port()
    running = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            running.append(subprocess.Popen(["node", HERE / "postgres.mjs", str(pg)], cwd=HERE, stdout=subprocess.PIPE, text=True))
            running.append(subprocess.Popen(["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--dir", folder, "--save", ""], stdout=subprocess.DEVNULL))
            if running[0].stdout.readline().strip() != "ready":
                sys.exit(f"PostgreSQL did not start: node {HERE / 'postgres.mjs'} {pg}")
            await_port(redis, running[1], "Redis")
            env = {
                **os.environ,
                "DATABASE_URL": f"postgresql://postgres:postgres@127.0.0.1:{pg}/postgres",
                "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
            }
            code = subprocess.run(sys.argv[1:], env=env).returncode
        finally:
            for process in running:
                process.terminate()
                process.wait()
    sys.exit(code)


if __name__ == "__main__":
    main()
