"""Who has started whom, by /proc."""

from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that a process has started, and those they have."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == pid and state != "Z":
            found += [int(folder.name), *children(int(folder.name))]
    return found


def is_prism(pid: int) -> bool:
    """Whether that is Beam's Prism."""
    return b"--job_port" in Path(f"/proc/{pid}/cmdline").read_bytes()


def lives(pid: int) -> bool:
    """Whether it runs; a dead one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
