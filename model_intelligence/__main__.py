"""`python -m model_intelligence` is `model-intel`."""

from model_intelligence.cli import main

main()
