-- Municipalities take turns within a lane; a chat may be closed for a while by the messenger.
ALTER TABLE "evidence" DROP CONSTRAINT "evidence_message";--> statement-breakpoint
DROP INDEX "deliveries_waiting";--> statement-breakpoint
ALTER TABLE "chat_paces" ADD COLUMN "closed_until" timestamptz;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "turn" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "reports" ADD COLUMN "closing" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "deliveries_of_municipality" ON "deliveries" USING btree ("municipality_id","lane","turn") WHERE "deliveries"."state" = 'queued' and "deliveries"."lane" > 0;--> statement-breakpoint
CREATE INDEX "deliveries_in_hand" ON "deliveries" USING btree ("claimed_until") WHERE "deliveries"."state" = 'sending';--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("lane","turn","id") WHERE "deliveries"."state" = 'queued';--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_message" UNIQUE NULLS NOT DISTINCT("municipality_id","chat","message_id","kind","url");--> statement-breakpoint
INSERT INTO send_budgets (messenger, lane, free_at) VALUES ('telegram', -1, now());
--> statement-breakpoint
-- The turn of the next message of a municipality in a lane: behind its own, beside the first of the others. Answers (lane 0) have no turns.
-- As the owner of the tables: a municipality does not see where the others stand.
CREATE FUNCTION next_turn(of_municipality bigint, of_lane integer) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$
    SELECT CASE WHEN of_lane = 0 THEN 0 ELSE greatest(
      coalesce((SELECT turn FROM deliveries WHERE state = 'queued' AND lane = of_lane ORDER BY lane, turn, id LIMIT 1), 0),
      coalesce((SELECT max(turn) + 1 FROM deliveries WHERE state = 'queued' AND lane > 0 AND lane = of_lane AND municipality_id = of_municipality), 0)
    ) END
  $$;
