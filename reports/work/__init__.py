"""How the work goes: data, work that is saved, where leads wait, and hours booked against those there are."""
