@echo off
"%~dp0..\..\scripts\restore.bat" %*
