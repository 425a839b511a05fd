"""What a petition is and what may happen to it: filing, the closed loop, clocks, history."""
