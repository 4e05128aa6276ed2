"""Schemathesis over the OpenAPI document: no 500, and no answer that the document does not describe.

A few examples an operation against a real server. The command of the long run is in docs/service.md.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from api.real_server import serving

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_every_answer_is_described_and_none_is_a_bug(tmp_path: Path) -> None:
    with serving(tmp_path, batch_wait_ms=0, deadline_seconds=500) as server:
        command = [Path(sys.executable).with_name("schemathesis"), "run", f"{server.url}/openapi.json"]
        options = ["--checks", CHECKS, "--max-examples", "4", "--phases", "examples,coverage,fuzzing"]
        settings = ["--generation-deterministic", "--no-color", "--request-timeout", "500", "--max-time", "60"]
        ended = subprocess.run(
            [*command, *options, *settings], cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
        )
        assert ended.returncode == 0, ended.stdout[-6_000:] + ended.stderr[-2_000:]
