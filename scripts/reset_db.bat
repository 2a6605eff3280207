@echo off
"%~dp0python.bat" reset_db %*
