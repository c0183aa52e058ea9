"""What is raised where no element is to blame."""


class StorageError(Exception):
    """The storage fails while a file is read, or keeps it back, which is none of the file's fault.

    No `OSError`, which readers of archives and tables take for damage.
    """
