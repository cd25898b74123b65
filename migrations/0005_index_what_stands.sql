-- What was given up or set aside is counted at every look at the figures and by the doctor: from an index of those few rows, however many messages were sent.
-- compatible: writing to the two tables waits while they are read once, and goes on by itself
CREATE INDEX "deliveries_dead" ON "deliveries" USING btree ("created_at") WHERE "deliveries"."state" = 'dead';--> statement-breakpoint
-- compatible: as above
CREATE INDEX "inbox_set_aside" ON "inbox" USING btree ("received_at") WHERE "inbox"."state" = 'set-aside';
