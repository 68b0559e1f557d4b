"""What the commands have in common: options."""

from pathlib import Path
from typing import Annotated

import typer

CONFIG = Path("config")
ConfigDirectory = Annotated[Path, typer.Option("--config", help="The directory of bot.yaml.")]
