-- The plan of this function is kept by each connection. One that was made while nothing was queued read the whole table, and went on doing so when much was.
-- compatible: gives what it gave
ALTER FUNCTION next_turn(bigint, integer) SET enable_seqscan = off;
