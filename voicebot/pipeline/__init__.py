"""Lives as long as one call: hearing, turns, receptionist, speaking."""
