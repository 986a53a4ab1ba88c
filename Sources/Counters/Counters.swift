// Counters
