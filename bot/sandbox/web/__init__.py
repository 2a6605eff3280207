"""HTTP helpers beside Discord's API: JSON, loopback guard, pictures, injected faults, request recorder."""
