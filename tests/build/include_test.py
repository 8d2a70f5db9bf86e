"""Which library may include which (ARCHITECTURE.md): what is not allowed does not compile.

Needs CXX, the compiler, and INCLUDE_DIRECTORIES, a file with a line for each library: its name and its include
directories, separated by tabs.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import unittest

LIB = pathlib.Path(__file__).resolve().parents[2] / "lib"
APPS = LIB.parent / "apps"
EVERYTHING = {"base", "model", "config", "formats", "redact", "follow", "delivery", "store", "store_sql", "store_sqlite", "store_postgres", "hub", "service", "webui", "http", "cli"}

ENGINES = {"sql", "sqlite", "postgres"}  # libraries of their own within the folder of store

# A library may include itself and these.
ALLOWED = {
    "base": set(),
    "model": {"base"},
    "config": {"base"},
    "formats": {"base", "model"},
    "redact": {"base", "model"},
    "follow": {"base"},
    "delivery": {"base", "model"},
    "store": {"base", "model"},
    "store_sql": {"base", "model", "store"},
    "store_sqlite": {"base", "model", "store"},
    "store_postgres": {"base", "model", "store"},
    "hub": {"base", "model"},
    "service": {"base", "model", "store", "hub"},
    "webui": set(),
    "http": {"base", "model", "hub", "service"},
    "cli": EVERYTHING,
}
# Found by the compiler because an allowed library's own headers include it; naming it in a source is still forbidden.
REACHABLE = {"http": {"store"}}

THIRD_PARTY_ALLOWED = {"base": {"tl/expected.hpp"}, "model": {"nlohmann/json.hpp", "nlohmann/json_fwd.hpp"}}


def include_roots(library):
    root = LIB / "store" / library.removeprefix("store_") if library.startswith("store_") else LIB / library
    return root / "include"


def headers_of(library):
    root = include_roots(library)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.hpp"))


def read_include_directories():
    lines = pathlib.Path(os.environ["INCLUDE_DIRECTORIES"]).read_text().splitlines()
    return {name: list(filter(None, directories)) for name, *directories in (line.split("\t") for line in lines)}


def compiler(directories, *arguments, source):
    command = [os.environ["CXX"], "-std=c++20", "-x", "c++", *(f"-I{each}" for each in directories), *arguments, "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True)


def compile_includes(directories, headers):
    """The compiler's complaints about a file that includes these headers; None when there are none."""
    done = compiler(directories, "-fsyntax-only", source="".join(f'#include "{header}"\n' for header in headers))
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    return (errors or [done.stderr])[0] if done.returncode else None


def reachable(directories, headers):
    """Those of the headers that the compiler finds."""
    source = "".join(f'#if __has_include("{header}")\nfound {header}\n#endif\n' for header in headers)
    done = compiler(directories, "-E", "-P", source=source)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return re.findall(r"^found (.*)$", done.stdout, re.MULTILINE)


def includes_in(path):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(), re.MULTILINE)


def sources_below(*folders):
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in (".cpp", ".hpp"))


class IncludeDirection(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.directories = read_include_directories()
        self.owner = {header: library for library in self.directories for header in headers_of(library)}

    def test_the_table_names_every_library(self):
        self.assertEqual(set(self.directories) - set(ALLOWED), set())
        self.assertNotEqual(self.owner, {})

    def test_what_is_not_allowed_is_not_found(self):
        def found(library):
            forbidden = [header for header, owner in self.owner.items()
                         if owner not in ALLOWED[library] | REACHABLE.get(library, set()) | {library}]
            return library, reachable(self.directories[library], forbidden)

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            got = list(pool.map(found, self.directories))
        self.assertEqual(got, [(library, []) for library in self.directories])

    def test_what_a_library_links_does_compile(self):
        def attempt(library):
            seen = {owner for owner in self.directories if str(include_roots(owner)) in self.directories[library]}
            headers = [header for header, owner in self.owner.items() if owner in seen]
            return library, bool(headers), compile_includes(self.directories[library], headers)

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            got = list(pool.map(attempt, self.directories))
        self.assertEqual(got, [(library, True, None) for library in self.directories])

    def test_sources_name_only_what_is_allowed(self):
        places = {library: [path for path in sources_below(include_roots(library).parent)
                            if library != "store" or path.relative_to(LIB).parts[1] not in ENGINES] for library in self.directories}
        wrong = [f"{path.relative_to(LIB)}: {header}" for library, paths in places.items() for path in paths
                 for header in includes_in(path)
                 if header in self.owner and self.owner[header] not in ALLOWED[library] | {library}]
        self.assertEqual(wrong, [])

    def test_the_program_sees_the_command_line_library_alone(self):
        named = {header.split("/")[1] for path in sources_below(APPS) for header in includes_in(path)
                 if header.startswith("agentpipe/")}
        self.assertEqual(named, {"cli"})


class PublicHeaders(unittest.TestCase):
    maxDiff = None

    def test_third_party_headers_stay_out_of_public_headers(self):
        wrong = []
        for library in ALLOWED:
            for path in sources_below(include_roots(library)):
                for header in includes_in(path):
                    is_ours = header.startswith("agentpipe/")
                    is_standard = re.fullmatch(r"[a-z_]+", header) or header.startswith("sys/")
                    if not is_ours and not is_standard and header not in THIRD_PARTY_ALLOWED.get(library, set()):
                        wrong.append(f"{path.relative_to(LIB)}: {header}")
        self.assertEqual(wrong, [])

    def test_every_public_header_begins_with_pragma_once(self):
        wrong = [str(path.relative_to(LIB)) for library in ALLOWED for path in sources_below(include_roots(library))
                 if "#pragma once" not in path.read_text().splitlines()[:3]]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
