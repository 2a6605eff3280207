"""Setting up, running and testing the project.

Each script is written once, in Python; the `.sh` and `.bat` beside it only find a Python.
"""
