"""How a model is run: batching, stopping, devices; nothing of news is known here.

The rest of the code sees `Engine` and asks `load_engine` for one. Each engine imports its library only when
it is loaded, so that the stages without a model never pay for it.
"""

from depesche.engines.base import Engine, Generation, Request, load_engine

__all__ = ["Engine", "Generation", "Request", "load_engine"]
