@echo off
"%~dp0..\..\scripts\run.bat" %*
