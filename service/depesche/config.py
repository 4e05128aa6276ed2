"""Every setting, from (in this order) flags, environment, a TOML file and the defaults here.

Environment: `DEPESCHE_<SECTION>__<NAME>`, for example `DEPESCHE_INGEST__MAX_BYTES=2000000`, and
`DEPESCHE_MODELS_DIR`. File: `depesche.toml` in the current folder, else the user's configuration folder, else
the path in `DEPESCHE_CONFIG`, which wins over both.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from depesche.errors import ConfigError

SourceKind = Literal["bundled", "local", "hub", "index"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IngestConfig(_Section):
    """What counts as an article."""

    max_bytes: int = Field(1_000_000, ge=1, description="Largest input in bytes; larger is refused (D104).")
    min_words: int = Field(25, ge=1, description="Fewest words of an article; fewer is refused (D105, D102).")


class ReadConfig(_Section):
    """How a text is read."""

    min_confidence: float = Field(
        0.80, ge=0, le=1, description="Language confidence below which a text counts as undetermined (D201)."
    )


class TranslateConfig(_Section):
    """How a sentence is translated."""

    model: str = Field("compact-de-en", description="Card of the translation model.")
    hypotheses: int = Field(
        4, ge=1, le=8, description="Hypotheses of a beam search that the guards choose from; the beam bounds them."
    )
    beams: int | None = Field(
        None,
        ge=1,
        le=8,
        description="Most beams of that search; empty: as the model's card has it, 1: greedy, fast and a little worse.",
    )
    retries: int = Field(
        1, ge=1, le=8, description="Renderings to ask an instructed model for when no hypothesis passes the guards."
    )


class SummarizeConfig(_Section):
    """How the brief's text is written."""

    model: str = Field(
        "qwen2.5-coder-1.5b", description="Card of the summarizer, or `extractive` to work without a model."
    )
    key_points: int = Field(5, ge=3, le=6, description="Most key points in a brief.")


class ModelsConfig(_Section):
    """Where models come from and where they are kept."""

    directory: Path | None = Field(None, description="Folder of installed models; DEPESCHE_MODELS_DIR wins over it.")
    local: Path | None = Field(None, description="Folder to look for weights in before anything is downloaded.")
    sources: tuple[SourceKind, ...] = Field(
        ("bundled", "local", "hub", "index"), description="Sources of weights, in the order they are tried."
    )
    download: bool = Field(True, description="Whether a missing model may be fetched when it is needed.")


class EngineConfig(_Section):
    """How models are run."""

    threads: int | None = Field(None, ge=1, description="Threads a model may use; default: the cores at hand.")


class ServeConfig(_Section):
    """The HTTP service."""

    host: str = Field("127.0.0.1", description="Address to listen on; any but loopback needs API keys.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    keys: Literal["auto", "required"] = Field(
        "auto", description="Whether API keys are asked for; `auto`: unless bound to loopback."
    )
    hosts: tuple[str, ...] = Field((), description="Host names to answer for, beside the address itself.")
    cors_origins: tuple[str, ...] = Field((), description="Origins whose pages may call the API; none by default.")
    proxies: tuple[str, ...] = Field((), description="Addresses of proxies whose X-Forwarded headers are believed.")
    queue_size: int = Field(48, ge=1, description="Requests that may wait for the models; more get 429.")
    batch_articles: int = Field(8, ge=1, le=256, description="Most articles in one call of the models.")
    batch_wait_ms: int = Field(20, ge=0, le=5_000, description="How long a call waits for more articles.")
    deadline_seconds: float = Field(120, gt=0, description="A request not answered by then gets 504.")
    grace_seconds: float = Field(60, ge=0, description="How long a shutdown waits for what is in flight.")
    body_seconds: float = Field(30, gt=0, description="How long a client may take to send head and body.")
    max_body_bytes: int = Field(2_000_000, ge=1, description="Largest request but for jobs.")
    max_job_bytes: int = Field(256_000_000, ge=1, description="Largest request that makes a job.")
    max_job_articles: int = Field(5_000, ge=1, description="Most articles in a job.")
    rate_per_minute: int = Field(600, ge=0, description="Requests a minute for each key (or address); 0: no limit.")
    rate_burst: int = Field(120, ge=1, description="Requests that may come at once within that limit.")
    event_streams: int = Field(64, ge=1, description="Event streams that may be open at once.")
    jobs: bool = Field(True, description="Whether this process works on jobs, or only takes them in.")
    log_format: Literal["auto", "json", "text"] = Field("auto", description="`auto`: text on a terminal, else JSON.")
    tracing: bool = Field(False, description="OpenTelemetry traces by OTLP; wants the extra `tracing`.")


class StoreConfig(_Section):
    """Where briefs and jobs are kept."""

    url: str | None = Field(
        None, description="SQLAlchemy URL (sqlite:///…, postgresql+psycopg://…); default: a file of the user's."
    )
    retention_days: float | None = Field(
        None, gt=0, le=36_500, description="Briefs and ended jobs older than this are deleted."
    )


class FetchConfig(_Section):
    """Fetching articles and feeds by URL."""

    enabled: bool = Field(False, description="Whether the service and feeds may fetch URLs at all.")
    max_bytes: int = Field(5_000_000, ge=1, description="Largest answer, after decompression.")
    seconds: float = Field(20, gt=0, description="Time for one fetch, redirects included.")
    redirects: int = Field(5, ge=0, le=20, description="Most redirects that are followed.")
    refused: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Networks not to be asked, beside those that are not public: your own public addresses."
    )


class Config(BaseSettings):
    """All settings. `output_hash` covers those that can change a brief, and no others."""

    model_config = SettingsConfigDict(env_prefix="DEPESCHE_", env_nested_delimiter="__", extra="forbid", frozen=True)

    ingest: IngestConfig = IngestConfig()
    read: ReadConfig = ReadConfig()
    translate: TranslateConfig = TranslateConfig()
    summarize: SummarizeConfig = SummarizeConfig()
    models: ModelsConfig = ModelsConfig()
    engine: EngineConfig = EngineConfig()
    serve: ServeConfig = ServeConfig()
    store: StoreConfig = StoreConfig()
    fetch: FetchConfig = FetchConfig()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the TOML file below the environment and the flags."""
        path = config_path()
        sources = [init_settings, env_settings]
        if path is not None:
            sources.append(TomlConfigSettingsSource(settings_cls, toml_file=path))
        return tuple(sources)

    @property
    def models_directory(self) -> Path:
        """Return the folder of installed models."""
        if override := os.environ.get("DEPESCHE_MODELS_DIR"):
            return Path(override)
        return self.models.directory or Path(platformdirs.user_cache_dir("depesche")) / "models"

    def output_settings(self) -> dict[str, Any]:
        """Return the settings that can change a brief: all but where models lie and how many threads run."""
        return self.model_dump(mode="json", include={"ingest", "read", "translate", "summarize"})

    @property
    def output_hash(self) -> str:
        """Return the sha256 of `output_settings` as canonical JSON."""
        canonical = json.dumps(self.output_settings(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def config_path() -> Path | None:
    """Return the configuration file that is in force, or None. Raises `ConfigError` if a named one is missing."""
    if named := os.environ.get("DEPESCHE_CONFIG"):
        if not Path(named).is_file():
            raise ConfigError("no such file", place=f"DEPESCHE_CONFIG={named}", remedy="name an existing TOML file")
        return Path(named)
    for folder in (Path.cwd(), Path(platformdirs.user_config_dir("depesche"))):
        if (path := folder / "depesche.toml").is_file():
            return path
    return None


def load_config(**overrides: dict[str, Any]) -> Config:
    """Return the configuration in force; `overrides` are sections of flags. Raises `ConfigError`."""
    try:
        return Config(**{name: section for name, section in overrides.items() if section})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"{first['msg']} (got {first.get('input')!r})",
            place=f"setting {where}",
            remedy="depesche config shows every setting with its meaning",
        ) from error
    except ValueError as error:  # a TOML file that does not parse
        raise ConfigError(str(error), place=str(config_path()), remedy="mend the TOML syntax") from error
