"""Every setting of the service, read once from the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings named ``HUIYIN_…`` in the environment; docs/configuration.md lists them."""

    model_config = SettingsConfigDict(env_prefix="HUIYIN_", frozen=True, env_ignore_empty=True)

    data_dir: Path = Field(ROOT / "var", description="Database, models, uploads and secrets.")
    database_url: str | None = Field(
        None, description="SQLAlchemy URL; empty means SQLite in the data folder."
    )
    community_dir: Path = Field(
        ROOT / "examples" / "community",
        description="Organisation, duty list, deadlines and texts loaded at the first start.",
    )
    host: str = Field("127.0.0.1", description="Address the web role listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the web role listens on.")
    public_url: str | None = Field(
        None, description="Address that residents and staff reach, for links in messages."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log line that is written."
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Signs cookies and receipt codes and encrypts contact data. Empty: one is "
        "made at the first start and kept in the data folder, readable by its owner only.",
    )
    contact_keys: SecretStr | None = Field(
        None,
        description="Encrypt contact data, newest first, separated by commas; each 32 bytes in "
        "url-safe base64. Empty: derived from the secret key until `huiyin rotate-key` makes some "
        "in the data folder.",
    )
    secure_cookies: bool = Field(
        False, description="Send cookies over HTTPS only; switch it on behind TLS."
    )
    embedding_threads: int = Field(2, ge=1, description="Threads of one embedding call.")
    parser: Literal["auto", "local", "rasa"] = Field(
        "auto", description="auto starts local and moves to Rasa once it is ready."
    )
    rasa_url: str | None = Field(
        None, description="Address of a Rasa server run elsewhere; empty means our own."
    )
    rasa_token: SecretStr | None = Field(None, description="Token of the Rasa server.")
    rasa_timeout_seconds: float = Field(
        1.0, gt=0, le=10, description="How long a resident waits for Rasa before the other parser."
    )
    rasa_port: int = Field(5005, ge=1, le=65535, description="Loopback port of our own Rasa.")
    telegram_token: SecretStr | None = Field(
        None, description="Bot token; empty leaves Telegram off."
    )
    telegram_base_url: str | None = Field(
        None, description="Another Bot API server, such as one of your own."
    )
    max_upload_bytes: int = Field(
        10 * 1024 * 1024, ge=1, description="Largest single upload that is taken."
    )

    @property
    def resolved_database_url(self) -> str:
        """The database to open: the one named, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'huiyin.db'}"

    @property
    def resolved_public_url(self) -> str:
        """The address to print in links."""
        return self.public_url or f"http://{self.host}:{self.port}"
