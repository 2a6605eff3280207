@echo off
"%~dp0python.bat" setup %*
