"""Where do the wheels of these packages lie? A script that `index` runs in a process of its own.

    python -P ask_pip.py NAME==VERSION …

pip alone knows its configuration (index, extra indexes, links, proxy, certificate), and its documented way to
ask, `pip install --dry-run --report`, downloads every wheel while it resolves when the index serves no metadata
beside them. So pip's own finder is asked, which reads the index pages only. It is no public interface: status
3 says that this pip has another one, and `index` takes the documented way.
"""

from __future__ import annotations

import json
import sys

OTHER_PIP = 3


def main(requirements: list[str]) -> int:
    """Write wheels, certificate and proxy as JSON; stop at the first package without a wheel."""
    try:
        from pip._internal.commands import create_command

        command = create_command("index")
        options, _ = command.parse_args(["versions", "any"])
        wheels = []
        with command._build_session(options) as session:  # type: ignore[attr-defined]
            finder = command._build_package_finder(options, session)  # type: ignore[attr-defined]
            for requirement in requirements:
                name, version = requirement.split("==")
                links = [c.link for c in finder.find_all_candidates(name) if str(c.version) == version]
                link = next((link for link in links if link.is_wheel), None)
                if link is None:
                    break
                sha256 = link.hash if link.hash_name == "sha256" else None
                wheels.append({"url": link.url_without_fragment, "sha256": sha256})
        answer = {"wheels": wheels, "certificate": options.cert, "proxy": options.proxy or None}
    except (ImportError, AttributeError, TypeError):
        return OTHER_PIP
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
