"""Each suite is a module: WHAT it does in a line, CI and BIG (how many seeds), and run(world), one seed. WAITS, where it
is there: so many times more seeds at once, because they mostly wait."""


class Skipped(Exception):
    """This machine does not allow it; the text says what."""
