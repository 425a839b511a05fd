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
    embed_origins: str = Field(
        "",
        pattern=r"^(https?://[\w.-]+(:\d+)?(\s+|$))*$",
        description="Sites that may show the chat in a frame, such as https://www.example.cn, "
        "separated by spaces.",
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
    telegram_webhook_secret: SecretStr | None = Field(
        None,
        description="Take Telegram's updates by webhook under the public address, proved by this; "
        "empty means long polling.",
    )
    telegram_staff_group: int | None = Field(
        None,
        description="Number of the Telegram group that staff are told in; empty means none.",
    )
    wechat_app_id: str | None = Field(
        None, description="AppID of the WeChat Official Account; empty leaves WeChat off."
    )
    wechat_app_secret: SecretStr | None = Field(None, description="AppSecret of that account.")
    wechat_token: SecretStr | None = Field(None, description="Token of its server address.")
    wechat_aes_key: SecretStr | None = Field(None, description="EncodingAESKey of that address.")
    wechat_template: str | None = Field(
        None,
        description="Template message for progress as JSON: its id and the keywords for number, "
        "title and state; empty keeps news until the resident writes.",
    )
    wechat_base_url: str | None = Field(None, description="Another WeChat API server.")
    wecom_corp_id: str | None = Field(
        None, description="CorpID of the WeCom organisation; empty leaves WeCom off."
    )
    wecom_agent_id: int = Field(0, ge=0, description="AgentID of the WeCom application.")
    wecom_secret: SecretStr | None = Field(None, description="Secret of that application.")
    wecom_token: SecretStr | None = Field(None, description="Token for receiving its messages.")
    wecom_aes_key: SecretStr | None = Field(
        None, description="EncodingAESKey for receiving its messages."
    )
    wecom_base_url: str | None = Field(None, description="Another WeCom API server.")
    transcribe_command: str | None = Field(
        None,
        description="Program that writes down a voice message: it gets the file as its last "
        "argument and prints the words; empty keeps voice as an attachment only.",
    )
    quiet_from_hour: int = Field(
        21, ge=0, le=23, description="From this hour on residents are told only what is urgent."
    )
    quiet_until_hour: int = Field(
        8, ge=0, le=23, description="Until this hour; the same as the other means never."
    )
    generation_url: str | None = Field(
        None,
        description="Base address of an OpenAI-compatible model that says quotes in plain words; "
        "empty leaves it off.",
    )
    generation_model: str = Field("", description="Name of the model at that address.")
    generation_key: SecretStr | None = Field(None, description="Key for that address.")
    generation_timeout_seconds: float = Field(
        4.0, gt=0, le=30, description="How long a resident waits for it before the quote alone."
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
