"""Every error that Depesche raises on purpose.

DepescheError
├── IngestError            D1xx  the input is no article that we can use
│   ├── EmptyInput         D101
│   ├── TeaserOnly         D102
│   ├── BinaryInput        D103
│   ├── InputTooLarge      D104
│   ├── NotAnArticle       D105
│   ├── UndecodableText    D106
│   ├── MalformedInput     D107
│   ├── UnknownFormat      D108
│   └── UnreadableInput    D109
├── ReadError              D2xx  the article is not in a language that we can brief
│   ├── LanguageUndetermined  D201
│   └── LanguageUnsupported   D202
├── ModelError             D3xx  a model cannot be had or run
│   ├── UnknownModel       D301
│   ├── ModelNotInstalled  D302
│   ├── HashMismatch       D303
│   ├── DownloadFailed     D304
│   ├── BadCard            D305
│   ├── EngineUnavailable  D306
│   ├── GenerationFailed   D307
│   │   └── SentenceTooLong  D309
│   └── BadPrompt          D308
├── ConfigError            D401  a setting is wrong
├── VerificationFailed     D501  --strict, and the brief has a flag
├── OutputError            D601  a result cannot be written
├── BatchError             D7xx  the folder job cannot go on, or could not do an article
│   ├── BadArguments       D701
│   ├── ArchiveRefused     D702
│   ├── OutputInUse        D703
│   ├── OutputFull         D704
│   ├── WorkerDied         D705
│   ├── TooFewProcessors   D706
│   ├── LibraryMissing     D707
│   └── UnexpectedFailure  D708
├── ServiceError           D8xx  the HTTP service refuses or cannot answer a request
│   ├── Unauthorized       D801
│   ├── Forbidden          D802
│   ├── RateLimited        D803
│   ├── QueueFull          D804
│   ├── DeadlineExceeded   D805
│   ├── BodyTooLarge       D806
│   ├── UnsupportedMedia   D807
│   ├── NotFound           D808
│   ├── BadRequest         D809
│   ├── NotReady           D810
│   ├── IdempotencyConflict  D811
│   ├── NotAcceptable      D812
│   ├── JobConflict        D813
│   ├── MethodNotAllowed   D814
│   ├── HostRefused        D815
│   ├── OriginRefused      D816
│   ├── RequestTimeout     D817
│   ├── FeedbackConflict   D818
│   ├── NoKeys             D819
│   └── Unreachable        D820
├── StoreError             D9xx  the database of briefs and jobs
│   ├── StoreUnavailable   D901
│   ├── StoreVersion       D902
│   ├── NameTaken          D903
│   └── NameUnknown        D904
└── FetchError             DAxx  a URL or feed cannot be fetched
    ├── FetchDisabled      DA01
    ├── AddressRefused     DA02
    ├── FetchTooLarge      DA03
    ├── FetchFailed        DA04
    └── NotAFeed           DA05

Each has a code that never changes its meaning, the place (file, article, span, setting) and a remedy.
The same code is the reason in a batch ledger and the `type` of an HTTP problem document.
"""

from __future__ import annotations

from typing import ClassVar


class DepescheError(Exception):
    """An error that a user is meant to read: `[code] place: message. Remedy: …`."""

    code: ClassVar[str] = "D000"
    status: int | None = None
    request_id: str | None = None
    """Where the service's client raised it: the HTTP status of the answer and the id of the request."""

    def __init__(self, message: str, *, place: str | None = None, remedy: str | None = None) -> None:
        self.message = message
        self.place = place
        self.remedy = remedy
        super().__init__(message)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        remedy = f" Remedy: {self.remedy}" if self.remedy else ""
        return f"[{self.code}] {place}{self.message}{remedy}"


class IngestError(DepescheError):
    """The input is no article that we can use."""

    code = "D100"


class EmptyInput(IngestError):
    """Nothing but white space."""

    code = "D101"


class TeaserOnly(IngestError):
    """A page that shows a headline and a teaser and keeps the article behind a paywall."""

    code = "D102"


class BinaryInput(IngestError):
    """Bytes that are no text: an image, an archive, an executable."""

    code = "D103"


class InputTooLarge(IngestError):
    """More bytes than `ingest.max_bytes` allows."""

    code = "D104"


class NotAnArticle(IngestError):
    """Text without an article in it: a list of links, a table, too few words."""

    code = "D105"


class UndecodableText(IngestError):
    """Text in an encoding that cannot be told or that the bytes violate."""

    code = "D106"


class MalformedInput(IngestError):
    """JSON that does not parse or does not have the documented shape."""

    code = "D107"


class UnknownFormat(IngestError):
    """A format that ingest does not know."""

    code = "D108"


class UnreadableInput(IngestError):
    """A file that is missing, is a folder or may not be read."""

    code = "D109"


class ReadError(DepescheError):
    """The article is not in a language that we can brief."""

    code = "D200"


class LanguageUndetermined(ReadError):
    """The text is too short or too mixed to tell its language."""

    code = "D201"


class LanguageUnsupported(ReadError):
    """No translator for this language."""

    code = "D202"


class ModelError(DepescheError):
    """A model cannot be had or run."""

    code = "D300"


class UnknownModel(ModelError):
    """No card of that name."""

    code = "D301"


class ModelNotInstalled(ModelError):
    """The weights are not on this machine and may not be fetched now."""

    code = "D302"


class HashMismatch(ModelError):
    """The bytes on disk are not those that the card names."""

    code = "D303"


class DownloadFailed(ModelError):
    """No source could deliver the model."""

    code = "D304"


class BadCard(ModelError):
    """A model card that does not have the documented shape."""

    code = "D305"


class EngineUnavailable(ModelError):
    """The library that runs this model is not installed, or cannot load its weights."""

    code = "D306"


class GenerationFailed(ModelError):
    """The engine failed. `request` is the number of the request that it failed on, where that is known."""

    code = "D307"

    def __init__(
        self, message: str, *, place: str | None = None, remedy: str | None = None, request: int | None = None
    ) -> None:
        self.request = request
        super().__init__(message, place=place, remedy=remedy)


class SentenceTooLong(GenerationFailed):
    """A sentence of the article, or a prompt made of it, is longer than the window of the model: the text's fault."""

    code = "D309"


class BadPrompt(ModelError):
    """A prompt file that does not have the documented shape."""

    code = "D308"


class ConfigError(DepescheError):
    """A setting is unknown or has a wrong value."""

    code = "D401"


class VerificationFailed(DepescheError):
    """The brief has a flag and the caller asked for strictness."""

    code = "D501"


class OutputError(DepescheError):
    """A result cannot be written."""

    code = "D601"


class BatchError(DepescheError):
    """The folder job cannot go on, or could not do an article for a reason of its own."""

    code = "D700"


class BadArguments(BatchError):
    """What was named as articles cannot be taken as such: no such path, or two of one name."""

    code = "D701"


class ArchiveRefused(BatchError):
    """An archive that is broken, encrypted, or larger than the limits on archives allow."""

    code = "D702"


class OutputInUse(BatchError):
    """The output folder belongs to something else, or to a running job with other settings."""

    code = "D703"


class OutputFull(BatchError):
    """The disk is full or the output folder cannot be written to; the job stops."""

    code = "D704"


class WorkerDied(BatchError):
    """The process that worked on the article died."""

    code = "D705"


class TooFewProcessors(BatchError):
    """Fewer processors than the executor needs to make any progress."""

    code = "D706"


class LibraryMissing(BatchError):
    """A library that an option needs is not installed."""

    code = "D707"


class UnexpectedFailure(BatchError):
    """The program itself is wrong about this article: a bug worth reporting."""

    code = "D708"


class ServiceError(DepescheError):
    """The HTTP service refuses or cannot answer a request."""

    code = "D800"


class Unauthorized(ServiceError):
    """No API key, or one that is unknown, expired or revoked."""

    code = "D801"


class Forbidden(ServiceError):
    """The API key does not have the scope that this needs."""

    code = "D802"


class RateLimited(ServiceError):
    """More requests than the limit of this client allows; `retry_after` says in how many seconds to come again."""

    code = "D803"

    def __init__(
        self, message: str, *, place: str | None = None, remedy: str | None = None, retry_after: float = 1.0
    ) -> None:
        self.retry_after = retry_after
        super().__init__(message, place=place, remedy=remedy)


class QueueFull(RateLimited):
    """As many requests wait for the models as may wait."""

    code = "D804"


class DeadlineExceeded(ServiceError):
    """The request was not answered within its deadline; its place in the queue is free again."""

    code = "D805"


class BodyTooLarge(ServiceError):
    """A request with more bytes, or a job with more articles, than allowed."""

    code = "D806"


class UnsupportedMedia(ServiceError):
    """A request body of a type that the endpoint does not take."""

    code = "D807"


class NotFound(ServiceError):
    """Nothing of that name here."""

    code = "D808"


class BadRequest(ServiceError):
    """A parameter or a body that does not have the documented shape."""

    code = "D809"


class NotReady(ServiceError):
    """The models are being loaded, or the service is shutting down."""

    code = "D810"


class IdempotencyConflict(ServiceError):
    """The Idempotency-Key was used for another request, or for one that is still being answered.

    `retry_after` says in how many seconds to come again for the answer; None where that does not help.
    """

    code = "D811"

    def __init__(
        self, message: str, *, place: str | None = None, remedy: str | None = None, retry_after: float | None = None
    ) -> None:
        self.retry_after = retry_after
        super().__init__(message, place=place, remedy=remedy)


class NotAcceptable(ServiceError):
    """No representation that the client accepts."""

    code = "D812"


class JobConflict(ServiceError):
    """The job is in a state in which this cannot be done."""

    code = "D813"


class MethodNotAllowed(ServiceError):
    """The resource is there and does not have this method."""

    code = "D814"


class HostRefused(ServiceError):
    """The Host header names a host that this service does not answer for."""

    code = "D815"


class OriginRefused(ServiceError):
    """A page of another origin tried to change something here."""

    code = "D816"


class RequestTimeout(ServiceError):
    """The client took too long to send its request."""

    code = "D817"


class FeedbackConflict(ServiceError):
    """Somebody else has had a word on the same part of a brief meanwhile."""

    code = "D818"


class NoKeys(ServiceError):
    """The service would be reached from other machines, and the store has no API key that opens anything."""

    code = "D819"


class Unreachable(ServiceError):
    """Told by the client: the service does not answer, or something between it and us answers in its place."""

    code = "D820"


class StoreError(DepescheError):
    """The database of briefs and jobs."""

    code = "D900"


class StoreUnavailable(StoreError):
    """The database cannot be reached, read or written."""

    code = "D901"


class StoreVersion(StoreError):
    """The database was made by a newer program, or has to be migrated first."""

    code = "D902"


class NameTaken(StoreError):
    """A key or feed of this name is there already."""

    code = "D903"


class NameUnknown(StoreError):
    """There is no key or feed of this name."""

    code = "D904"


class FetchError(DepescheError):
    """A URL or feed cannot be fetched."""

    code = "DA00"


class FetchDisabled(FetchError):
    """Fetching is off in the settings."""

    code = "DA01"


class AddressRefused(FetchError):
    """The URL names, or leads to, an address that may not be asked: private, loopback, link-local, reserved."""

    code = "DA02"


class FetchTooLarge(FetchError):
    """More bytes than `fetch.max_bytes`, before or after decompression."""

    code = "DA03"


class FetchFailed(FetchError):
    """The other side does not answer, answers with an error, or with a type that is no article or feed.

    `passing` says that another try, later, may well succeed.
    """

    code = "DA04"

    def __init__(
        self, message: str, *, place: str | None = None, remedy: str | None = None, passing: bool = False
    ) -> None:
        self.passing = passing
        super().__init__(message, place=place, remedy=remedy)


class NotAFeed(FetchError):
    """What was fetched is neither RSS nor Atom."""

    code = "DA05"
