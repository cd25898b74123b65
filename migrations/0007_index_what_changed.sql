-- The ticks of every minute look at what changed since the last one, and not at the country.
CREATE INDEX "reminders_by_slot" ON "reminders" USING btree ("municipality_id","day");--> statement-breakpoint
CREATE INDEX "slots_by_time" ON "slots" USING btree ("done_at");--> statement-breakpoint
CREATE INDEX "memberships_by_time" ON "memberships" USING btree ("since");--> statement-breakpoint
CREATE INDEX "tasks_by_time" ON "tasks" USING btree ("updated_at");