from __future__ import annotations

from collections.abc import Callable

import pytest

from depesche.quotation import Quotation, QuotationKind

Quotes = Callable[..., tuple[Quotation, ...]]


@pytest.mark.parametrize(
    ("text", "kind", "words", "speaker"),
    [
        ("“We are ready to grow,” Jane Doe said on Monday.", QuotationKind.DIRECT, "We are ready to grow,", "Jane Doe"),
        (
            '"Who will pay?" asked Finance Minister Anna Berg.',
            QuotationKind.DIRECT,
            "Who will pay?",
            "Finance Minister Anna Berg",
        ),
        (
            'The minister said: "We will not sign it. Never."',
            QuotationKind.DIRECT,
            "We will not sign it. Never.",
            "The minister",
        ),
        ("'It is over,' he said.", QuotationKind.DIRECT, "It is over,", "he"),
        ("According to the police, two men were hurt.", QuotationKind.INDIRECT, "two men were hurt", "the police"),
        ("The company said profit rose 5% to $3bn.", QuotationKind.INDIRECT, "profit rose 5% to $3bn", "The company"),
        (
            "John Smith told reporters that sales would rise.",
            QuotationKind.INDIRECT,
            "that sales would rise",
            "John Smith",
        ),
    ],
)
def test_english_speech_and_its_speaker_are_found(
    quotes: Quotes, text: str, kind: QuotationKind, words: str, speaker: str
) -> None:
    (found,) = quotes(text, "en")
    assert (found.kind, found.text, found.speaker) == (kind, words, speaker)


def test_an_apostrophe_opens_no_quotation(quotes: Quotes) -> None:
    assert quotes("The players' union didn't agree with the owners' plan.", "en") == ()
