"""What every group of settings is made of: its base, and values that can be switched off."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    """A group of settings; unknown names are errors, and so are numbers that are not finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _none_where_off(value: Any) -> Any:
    """Files and variables have no word for None."""
    off = value is False or (isinstance(value, str) and value.lower() in ("none", "off", ""))
    return None if off else value


OptionalPort = Annotated[
    Annotated[int, Field(ge=0, le=65535)] | None, BeforeValidator(_none_where_off)
]
OptionalName = Annotated[str | None, BeforeValidator(_none_where_off)]
OptionalDays = Annotated[
    Annotated[float, Field(gt=0, le=36_525)] | None, BeforeValidator(_none_where_off)
]


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(f"{path}: nobody of that name has a home folder here") from error


HomePath = Annotated[Path, AfterValidator(_at_home)]
"""A path that may begin with `~`, which no shell sees in a file."""
