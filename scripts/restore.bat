@echo off
"%~dp0python.bat" restore %*
