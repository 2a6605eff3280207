@echo off
"%~dp0python.bat" backup %*
