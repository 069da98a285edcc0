"""A private Postgres and timed commands, for all parts of the bench."""

import os
import resource
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SLUICE = os.path.join(ROOT, ".build/release/sluice")


class Server:
    """A private Postgres as initdb makes it, fsync on: nobody's tuning favours anybody.

    Autovacuum is off because it would start in the middle of one candidate's turn.
    """

    SETTINGS = """
listen_addresses = ''
autovacuum = off
"""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "postgres")
        self.binaries = sorted(
            (f"/usr/lib/postgresql/{v}/bin" for v in os.listdir("/usr/lib/postgresql")),
            key=lambda path: int(path.split("/")[4]))[-1]
        os.makedirs(self.folder)
        self.user = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        data = os.path.join(self.folder, "data")
        self.control("initdb", "-D", data, "-U", "sluice", "-A", "trust", "-E", "UTF8",
                     "--locale=C.UTF-8")
        with open(os.path.join(data, "postgresql.conf"), "a") as conf:
            conf.write(self.SETTINGS + f"unix_socket_directories = '{self.folder}'\n")
        self.data = data
        self.control("pg_ctl", "-D", data, "-l", os.path.join(self.folder, "log"), "-w", "start")
        self.conninfo = f"host={self.folder} user=sluice dbname=postgres"

    def control(self, program, *arguments):
        subprocess.run(self.user + [os.path.join(self.binaries, program), *arguments],
                       check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                       cwd=self.folder)

    def sql(self, text):
        return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo],
                              input=text, text=True, check=True, capture_output=True).stdout.strip()

    def stop(self):
        self.control("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


class Run:
    """What a command took: wall seconds, CPU seconds of it and its children, peak memory."""

    def __init__(self, command, environment=None, shell=False):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.monotonic()
        done = subprocess.run(
            command, shell=shell, executable="/bin/bash" if shell else None, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, env={**os.environ, **(environment or {})})
        self.seconds = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
        self.output = done.stdout
        if done.returncode != 0:
            sys.exit(f"{command}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
