"""Appointments: booked, moved to another time, confirmed, cancelled, closed."""
