"""Real briefs of a German article, translated by a script, for tests of what a folder job writes."""

from __future__ import annotations

from functools import cache

from depesche.brief import Brief, ModelInfo, build_brief
from depesche.extractive import ExtractiveSummarizer
from depesche.translate import translate
from depesche.verify import verify
from stand_ins import ScriptedTranslator, source_of

SENTENCES = {
    "Fähre nach Langenau fährt wieder": "Ferry to Langenau is running again",
    "Die Fähre nach Langenau fährt seit Montag wieder.": "The ferry to Langenau has been running again since Monday.",
    "Die Reparatur kostete rund 1,25 Millionen Euro.": "The repair cost about €1.25 million.",
    "Zwischen 300 und 400 Fahrgäste kommen am Tag.": "Between 300 and 400 passengers come a day.",
    "„Wir sind erleichtert“, sagte Kapitänin Ute Brandt.": "“We are relieved,” said captain Ute Brandt.",
}


@cache
def brief() -> Brief:
    title, *others = SENTENCES
    source = source_of(f"{title}\n\n" + " ".join(others))
    translation = translate([source], ScriptedTranslator(SENTENCES))[0]
    draft = ExtractiveSummarizer(key_points=3).summarize([translation])[0]
    return build_brief(
        verify(translation, draft),
        models=[
            ModelInfo(role="translate", name="script", sha256="0" * 64, engine="script"),
            ModelInfo(role="summarize", name="extractive", sha256=None, engine="extractive"),
        ],
        prompts=[],
        config_sha256="c" * 64,
        timings={"read": 0.25},
    )
