#!/usr/bin/env python3
"""The Debian package of build/release: its contents, and the program as unpacked. Ends with "N passed, M failed"."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
DOC = "usr/share/doc/agentpipe-bridge"
EXPECTED = {
    "etc/agentpipe/web.yaml",
    "usr/bin/agentpipe-bridge",
    "usr/bin/agentpipe-web",
    "usr/lib/systemd/system/agentpipe-web.service",
    "usr/lib/systemd/system/agentpipe-web.socket",
    "usr/lib/systemd/user/agentpipe-bridge-flush.service",
    "usr/lib/systemd/user/agentpipe-bridge-flush.timer",
    "usr/lib/systemd/user/agentpipe-bridge-follow.service",
    "usr/share/bash-completion/completions/agentpipe-bridge",
    "usr/share/fish/vendor_completions.d/agentpipe-bridge.fish",
    "usr/share/zsh/vendor-completions/_agentpipe-bridge",
    "usr/share/man/man1/agentpipe-bridge.1.gz",
    "usr/share/man/man1/agentpipe-web.1.gz",
    *(f"{DOC}/{name}" for name in ("README.md", "changelog.gz", "changelog.Debian.gz", "copyright",
                                   "examples/agentpipe.yaml", "examples/agentpipe-web.yaml")),
}


def run(*command, **keywords):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, **keywords)


class Package(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(BUILD / "packages", ignore_errors=True)
        made = run("cpack", "-G", "DEB", cwd=BUILD)
        packages = list((BUILD / "packages").glob("*.deb"))
        if made.returncode != 0 or len(packages) != 1:
            raise AssertionError(f"cpack ended with {made.returncode} and made {packages}:\n{made.stdout}{made.stderr}")
        cls.package = packages[0]
        cls.folder = tempfile.mkdtemp(prefix="agentpipe-package-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.root = pathlib.Path(cls.folder) / "root"
        run("dpkg-deb", "-x", cls.package, cls.root, check=True)
        run("dpkg-deb", "-e", cls.package, pathlib.Path(cls.folder) / "control", check=True)

    def control(self, name):
        return (pathlib.Path(self.folder) / "control" / name).read_text()

    def test_it_holds_what_a_user_expects(self):
        got = {str(path.relative_to(self.root)) for path in self.root.rglob("*") if not path.is_dir()}
        self.assertEqual((EXPECTED - got, {path for path in got - EXPECTED if not path.startswith("usr/share/man/")}),
                         (set(), set()))

    def test_everything_belongs_to_root_and_is_writable_by_nobody_else(self):
        listing = run("dpkg-deb", "-c", self.package, check=True).stdout.splitlines()
        wrong = [line for line in listing if not re.match(r"(l.{9}|[-d]rw[-x]r-[-x]r-[-x]) root/root ", line)]
        self.assertEqual(wrong, [])

    def test_the_control_file_names_the_libraries_it_needs(self):
        fields = dict(line.split(": ", 1) for line in self.control("control").splitlines() if re.match(r"[A-Z]\S*: ", line))
        self.assertEqual((fields["Package"], fields["Section"]), ("agentpipe-bridge", "net"))
        needed = {re.split(r"[ (:]", part.strip())[0] for part in fields["Depends"].split(",")}
        self.assertLessEqual({"libc6", "libcurl4", "libsqlite3-0", "libssl3", "libstdc++6"}, needed)

    def test_the_settings_in_etc_are_kept_at_upgrades_and_hold_comments_alone(self):
        self.assertEqual(self.control("conffiles"), "/etc/agentpipe/web.yaml\n")
        lines = (self.root / "etc/agentpipe/web.yaml").read_text().splitlines()
        self.assertEqual([line for line in lines if not line.startswith("#")], [])

    def test_the_scripts_are_sound(self):
        for script in ("postinst", "prerm", "postrm"):
            checked = run("sh", "-n", pathlib.Path(self.folder) / "control" / script)
            self.assertEqual((script, checked.returncode, checked.stderr), (script, 0, ""))

    def test_the_unpacked_program_runs_under_both_names(self):
        installed = [run(self.root / "usr/bin" / name, "--version") for name in ("agentpipe-bridge", "agentpipe-web")]
        self.assertEqual([each.returncode for each in installed], [0, 0], installed)
        version = re.search(r"^project\(.*?VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), re.M | re.S).group(1)
        for each in installed:
            self.assertIn(version, each.stdout)

    def test_the_program_is_stripped_and_hardened(self):
        program = self.root / "usr/bin/agentpipe-bridge"
        self.assertNotIn(".symtab", run("readelf", "-S", "-W", program, check=True).stdout)
        header = run("readelf", "-h", "-l", "-d", "-W", program, check=True).stdout
        for mark in (r"Type:\s+DYN", "GNU_RELRO", r"GNU_STACK.* RW ", "BIND_NOW|FLAGS_1.*NOW"):
            self.assertRegex(header, mark)
        self.assertNotRegex(header, r"RPATH|RUNPATH")

    def test_the_completions_are_the_programs_own(self):
        places = {"bash": "bash-completion/completions/agentpipe-bridge", "zsh": "zsh/vendor-completions/_agentpipe-bridge",
                  "fish": "fish/vendor_completions.d/agentpipe-bridge.fish"}
        for shell, place in places.items():
            printed = run(self.root / "usr/bin/agentpipe-bridge", "completion", shell)
            self.assertEqual((self.root / "usr/share" / place).read_text(), printed.stdout, shell)

    @unittest.skipUnless(shutil.which("lintian"), "lintian is not installed")
    def test_lintian_finds_no_error(self):
        found = run("lintian", "--fail-on", "error", "--tag-display-limit", "0", self.package)
        self.assertEqual(found.returncode, 0, found.stdout + found.stderr)


if __name__ == "__main__":
    result = unittest.main(verbosity=2, exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f"{max(0, result.testsRun - failed - len(result.skipped))} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)
