@echo off
"%~dp0..\..\scripts\backup.bat" %*
