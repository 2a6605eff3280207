"""HTTP that is not Discord's API: answers, guard, pictures, faults, recorder."""
