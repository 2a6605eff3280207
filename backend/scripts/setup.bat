@echo off
"%~dp0..\..\scripts\setup.bat" %*
