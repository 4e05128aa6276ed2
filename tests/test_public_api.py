"""What `import depesche` offers, and that the figure API never loads a model library."""

from __future__ import annotations

import subprocess
import sys

import depesche


def test_all_names_are_there_and_sorted() -> None:
    assert list(depesche.__all__) == sorted(depesche.__all__)
    assert all(getattr(depesche, name) is not None for name in depesche.__all__)


def test_the_figure_api_loads_no_model_library() -> None:
    heavy = "{'xllamacpp', 'ctranslate2', 'transformers', 'torch', 'trafilatura', 'huggingface_hub', 'langdetect'}"
    use = "from depesche import find_figures; find_figures('3 Prozent', 'de')"
    code = f"{use}; import sys; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
