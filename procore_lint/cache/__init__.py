"""What earlier runs learned, kept in one file: facts by content, glances by stamp, findings of whole runs.

Nothing here decides anything: a cache that is missing, locked, full or broken makes a run slower, never
different. What is kept may come from a directory that a stranger wrote (`cache-dir`), so it is read as
data alone (JSON, msgpack), never executed.
"""
