"""Chronicles: storytellers, channels, house rules."""
