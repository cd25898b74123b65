-- What was in hand of several processes that ended is looked for at every sweep, among many that only wait.
-- compatible: writing to this table waits while it is read once, and goes on by itself
CREATE INDEX "deliveries_repeated" ON "deliveries" USING btree ("attempts") WHERE "deliveries"."state" = 'queued' and "deliveries"."uncertain";
