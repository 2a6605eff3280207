@echo off
"%~dp0..\..\scripts\reset_db.bat" %*
