@echo off
"%~dp0..\..\scripts\sync_requirements.bat" %*
