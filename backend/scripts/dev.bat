@echo off
"%~dp0..\..\scripts\dev.bat" %*
