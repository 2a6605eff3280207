@echo off
"%~dp0python.bat" update_packages %*
