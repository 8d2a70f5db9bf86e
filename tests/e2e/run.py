#!/usr/bin/env python3
"""Runs the end-to-end tests, a class of them on each processor: run.py [NAME…], such as client_test.Spool.

Ends with "N passed, M failed"; AGENTPIPE_BIN names the binary.
"""

import concurrent.futures
import io
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def single_tests(suite):
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from single_tests(part)
        else:
            yield part


def by_class(tests):
    """Names of tests, those of one class together; the longest lists come first, so that none is left for the end."""
    groups = {}
    for test in tests:
        groups.setdefault(type(test), []).append(test.id())
    return sorted(groups.values(), key=len, reverse=True)


def run(names):
    output = io.StringIO()
    result = unittest.TextTestRunner(verbosity=2, stream=output).run(unittest.defaultTestLoader.loadTestsFromNames(names))
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    return output.getvalue(), result.testsRun - failed - skipped, failed, skipped


def main():
    loader = unittest.defaultTestLoader
    names = sys.argv[1:]
    suite = loader.loadTestsFromNames(names) if names else loader.discover(str(HERE), pattern="*_test.py")
    passed = failed = skipped = 0
    with concurrent.futures.ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for done in concurrent.futures.as_completed(pool.submit(run, names) for names in by_class(single_tests(suite))):
            output, *counts = done.result()
            print(output, end="", flush=True)
            passed, failed, skipped = (a + b for a, b in zip((passed, failed, skipped), counts))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
