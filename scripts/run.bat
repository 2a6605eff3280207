@echo off
"%~dp0python.bat" run %*
