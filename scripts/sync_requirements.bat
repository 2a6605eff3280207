@echo off
"%~dp0python.bat" sync_requirements %*
