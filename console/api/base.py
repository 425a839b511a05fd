"""What all that the API takes and gives has in common."""

from pydantic import BaseModel, ConfigDict


class ApiModel(BaseModel):
    """A value of the API: never changed, and nothing that the document does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
