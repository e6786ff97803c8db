"""What a call is and what happens in it: pure values and functions, no I/O, no clock."""
