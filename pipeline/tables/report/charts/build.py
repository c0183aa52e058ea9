"""Builds `charts.js`, `world.json` and `LICENSES.txt` from what `package.json` names: `make charts` (needs npm)."""

from __future__ import annotations

import json
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pycountry

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
BUILD = (
    "npx esbuild entry.js --bundle --minify --format=iife --global-name=charts --legal-comments=none --target=es2020 "
    "--outfile=charts.js --metafile=node_modules/bundled.json"
)


def world() -> str:
    """Natural Earth's countries at 1:110 million, known by their ISO codes."""
    topology = json.loads((MODULES / "world-atlas" / "countries-110m.json").read_text(encoding="utf-8"))
    del topology["objects"]["land"]
    for country in topology["objects"]["countries"]["geometries"]:
        known = pycountry.countries.get(numeric=country.pop("id", ""))
        country["id"] = known.alpha_2 if known else ""
        del country["properties"]
    return json.dumps(topology, separators=(",", ":")) + "\n"


def _licences() -> str:
    """The _licences of what is bundled, in full, with the packages and versions under each."""
    inputs = json.loads((MODULES / "bundled.json").read_text(encoding="utf-8"))["inputs"]
    packages = {
        re.sub(r"node_modules/((?:@[^/]+/)?[^/]+)/.*", r"\1", path) for path in inputs if "node_modules" in path
    }
    under: dict[str, list[str]] = defaultdict(list)
    for name in sorted({*packages, "world-atlas"}):
        version = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))["version"]
        (licence,) = [path for path in (MODULES / name).iterdir() if path.stem.upper() in ("LICENSE", "LICENCE")]
        under[licence.read_text(encoding="utf-8").strip()].append(f"{name} {version}")
    parts = [
        "charts.js and world.json are built from the packages below, world.json from Natural Earth's public data.\n"
    ]
    parts += ["\n".join([*names, "", licence, ""]) for licence, names in under.items()]
    return ("\n" + "-" * 80 + "\n\n").join(parts)


def main() -> None:
    """Install what the lock file names, bundle it, and write the files."""
    for command in ("npm ci --no-audit --no-fund", BUILD):
        subprocess.run(command.split(), cwd=HERE, check=True)  # noqa: S603
    (HERE / "world.json").write_text(world(), encoding="utf-8")
    (HERE / "LICENSES.txt").write_text(_licences(), encoding="utf-8")


if __name__ == "__main__":
    main()
