"""Rhythms that the training records do not hold, laid out anew from their own beats.

DS1 has few patients with atrial ectopy, and none whose ectopic beats outnumber the normal ones.  So beats are cut
out and placed on a new time line; what makes a beat S here is when it comes and what its P wave looks like.
"""
