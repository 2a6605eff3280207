"""`scripts/bench.sh`: how fast the platform is, each figure beside a bare floor on the same machine in the same run."""
