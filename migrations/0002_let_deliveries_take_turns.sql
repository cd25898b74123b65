-- Municipalities take turns within a lane: one with forty thousand messages does not hold up one with twenty.
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
