@echo off
rem Finds a Python that is new enough and runs one of the scripts with it: python.bat dev --check
cd /d "%~dp0.."
for %%P in ("py -3" python python3) do (
  %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && (
    %%~P -m scripts.%*
    exit /b
  )
)
echo Python 3.11 or newer is needed and was not found. Get it from https://www.python.org/downloads/ and run this again.
exit /b 1
