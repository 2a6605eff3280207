"""Who acts when: conflicts of every edition as states and moves, pure. A move takes a state and gives the next one."""
