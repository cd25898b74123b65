-- The ticks of every minute look at what changed since the last one, and not at the country.
-- compatible: writing to these tables waits while they are read once, and goes on by itself
CREATE INDEX "reminders_by_slot" ON "reminders" USING btree ("municipality_id","day");--> statement-breakpoint
-- compatible: as above
CREATE INDEX "slots_by_time" ON "slots" USING btree ("done_at");--> statement-breakpoint
-- compatible: as above
CREATE INDEX "memberships_by_time" ON "memberships" USING btree ("since");--> statement-breakpoint
-- compatible: as above
CREATE INDEX "tasks_by_time" ON "tasks" USING btree ("updated_at");
