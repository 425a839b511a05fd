"""The envelope that WeChat and WeCom put around what they send: signature and encryption.

As both platforms' documents say («消息加解密说明»): the signature is SHA-1 over the sorted token,
timestamp, nonce and cipher text; the cipher is AES-256-CBC whose key comes from the
EncodingAESKey, its first 16 bytes being the IV; inside are 16 random bytes, the length of the
message in network order, the message, and the id of who it is for. docs/adr says why this is
written here and not taken from a library.
"""

import base64
import binascii
import hashlib
import hmac
import re
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

LATEST = timedelta(minutes=10)
"""How old a signed call may be; the platforms repeat a call within seconds."""
BLOCK_BYTES = 32
"""The documents pad to 32 bytes, twice the block of AES."""
_RANDOM_BYTES = 16
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")


class EnvelopeRefused(Exception):
    """The call does not come from the platform, or was tampered with."""


class Envelope:
    """Opens what one platform sends to one receiver.

    Args:
        token: The token set at the platform for signatures.
        aes_key: The platform's EncodingAESKey, 43 characters.
        receiver: AppID of the account or CorpID, which stands inside.

    Raises:
        ValueError: A setting can't be right.
    """

    def __init__(self, *, token: str, aes_key: str, receiver: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("the token of the platform must be 3 to 32 letters and digits")
        if not _AES_KEY.fullmatch(aes_key):
            raise ValueError("the EncodingAESKey must be 43 letters and digits")
        if not receiver:
            raise ValueError("the AppID or CorpID must not be empty")
        self._token = token
        self._key = base64.b64decode(f"{aes_key}=")
        self._receiver = receiver.encode()

    def check(
        self, query: Mapping[str, str], signature: str, *cipher_text: str, now: datetime
    ) -> None:
        """Make sure that the platform signed this just now.

        Raises:
            EnvelopeRefused: It did not, or long ago.
        """
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        parts = sorted((self._token, timestamp, nonce, *cipher_text))
        expected = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise EnvelopeRefused("the signature does not fit")
        is_number = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12
        if not is_number or abs(now.timestamp() - int(timestamp)) > LATEST.total_seconds():
            raise EnvelopeRefused("the call is too old")

    def open(self, cipher_text: str) -> bytes:
        """The message inside.

        Raises:
            EnvelopeRefused: It was not encrypted with our key, or for somebody else.
        """
        plain = self._decrypt(cipher_text)
        if len(plain) < _RANDOM_BYTES + 4:
            raise EnvelopeRefused("the message is cut off")
        (length,) = struct.unpack_from("!I", plain, _RANDOM_BYTES)
        start = _RANDOM_BYTES + 4
        message, receiver = plain[start : start + length], plain[start + length :]
        if len(message) != length or not hmac.compare_digest(receiver, self._receiver):
            raise EnvelopeRefused("the message is for somebody else")
        return message

    def _decrypt(self, cipher_text: str) -> bytes:
        try:
            encrypted = base64.b64decode(cipher_text, validate=True)
        except (binascii.Error, ValueError):
            raise EnvelopeRefused("the cipher text is no base64") from None
        if not encrypted or len(encrypted) % (AES.block_size // 8):
            raise EnvelopeRefused("the cipher text is cut off")
        decryptor = Cipher(AES(self._key), CBC(self._key[:16])).decryptor()
        padded = decryptor.update(encrypted) + decryptor.finalize()
        padding = padded[-1]
        if not 1 <= padding <= BLOCK_BYTES or padded[-padding:] != bytes([padding]) * padding:
            raise EnvelopeRefused("the padding does not fit")
        return padded[:-padding]
