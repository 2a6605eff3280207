@echo off
"%~dp0python.bat" dev %*
