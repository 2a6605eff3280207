"""Who may use which route: one module for each part of the platform, with its entries by side."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

# A new module is in by standing here.
TABLES: tuple[ModuleType, ...] = tuple(
    import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)
)
