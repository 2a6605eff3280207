@echo off
"%~dp0..\..\scripts\update_packages.bat" %*
