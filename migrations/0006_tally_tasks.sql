-- How many tasks of a municipality are in which state, kept beside the tasks: a summary of the country need not read millions of rows. Triggers keep it, so that
-- no way of changing a task can forget to; they only ever add rows, so that two changes at once wait for nobody.
CREATE TABLE "task_tallies" (
	"municipality_id" bigint NOT NULL,
	"state" text NOT NULL,
	"reviewed" boolean NOT NULL,
	"due_on" date,
	"tasks" integer NOT NULL,
	"changed_at" timestamptz NOT NULL,
	"folded" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX "task_tallies_by_key" ON "task_tallies" USING btree ("municipality_id","state","due_on");--> statement-breakpoint
CREATE INDEX "task_tallies_loose" ON "task_tallies" USING btree ("municipality_id") WHERE not "task_tallies"."folded";
--> statement-breakpoint
SELECT isolate_by_municipality('task_tallies');
--> statement-breakpoint
-- The due day of a task as it is tallied: while the task is open.
CREATE FUNCTION tallied_day(state text, due_on date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN state IN ('planned', 'in_progress', 'blocked', 'returned') THEN due_on END $$;
--> statement-breakpoint
INSERT INTO task_tallies (municipality_id, state, reviewed, due_on, tasks, changed_at, folded)
SELECT t.municipality_id, t.state, a.needs_approval AND o.kind = 'school', tallied_day(t.state, t.due_on), count(*), max(t.updated_at), true
  FROM tasks t JOIN activities a ON a.id = t.activity_id JOIN organizations o ON o.id = t.organization_id
 GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
-- The tasks that a statement changed, as they were (-1) or as they are (1). The lock is shared among them all: only what changes the tasks' activity or organization has to wait,
-- so that both sides agree on whether the tasks are reviewed.
CREATE FUNCTION tally_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(2, municipality_id::int) FROM changed GROUP BY municipality_id ORDER BY municipality_id;
  INSERT INTO task_tallies (municipality_id, state, reviewed, due_on, tasks, changed_at)
  SELECT t.municipality_id, t.state, a.needs_approval AND o.kind = 'school', tallied_day(t.state, t.due_on), TG_ARGV[0]::int * count(*), max(t.updated_at)
    FROM changed t JOIN activities a ON a.id = t.activity_id JOIN organizations o ON o.id = t.organization_id
   GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tasks_tallied_new AFTER INSERT ON tasks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_tasks('1');
--> statement-breakpoint
CREATE TRIGGER tasks_tallied_before AFTER UPDATE ON tasks REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_tasks('-1');
--> statement-breakpoint
CREATE TRIGGER tasks_tallied_after AFTER UPDATE ON tasks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_tasks('1');
--> statement-breakpoint
CREATE TRIGGER tasks_tallied_gone AFTER DELETE ON tasks REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_tasks('-1');
--> statement-breakpoint
-- All tasks of an activity or an organization: before (-1) and after (1) it says something else of whether they are reviewed, and before it takes them with it.
CREATE FUNCTION tally_tasks_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(2, OLD.municipality_id::int);
  INSERT INTO task_tallies (municipality_id, state, reviewed, due_on, tasks, changed_at)
  SELECT t.municipality_id, t.state, a.needs_approval AND o.kind = 'school', tallied_day(t.state, t.due_on), TG_ARGV[0]::int * count(*), max(t.updated_at)
    FROM tasks t JOIN activities a ON a.id = t.activity_id JOIN organizations o ON o.id = t.organization_id
   WHERE t.id IN (SELECT id FROM tasks WHERE TG_TABLE_NAME = 'activities' AND activity_id = OLD.id
                  UNION ALL SELECT id FROM tasks WHERE TG_TABLE_NAME = 'organizations' AND organization_id = OLD.id)
   GROUP BY 1, 2, 3, 4;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER activities_tallied_before BEFORE UPDATE OF needs_approval ON activities FOR EACH ROW WHEN (OLD.needs_approval <> NEW.needs_approval) EXECUTE FUNCTION tally_tasks_of('-1');
--> statement-breakpoint
CREATE TRIGGER activities_tallied_after AFTER UPDATE OF needs_approval ON activities FOR EACH ROW WHEN (OLD.needs_approval <> NEW.needs_approval) EXECUTE FUNCTION tally_tasks_of('1');
--> statement-breakpoint
CREATE TRIGGER activities_tallied_gone BEFORE DELETE ON activities FOR EACH ROW EXECUTE FUNCTION tally_tasks_of('-1');
--> statement-breakpoint
CREATE TRIGGER organizations_tallied_before BEFORE UPDATE OF kind ON organizations FOR EACH ROW WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION tally_tasks_of('-1');
--> statement-breakpoint
CREATE TRIGGER organizations_tallied_after AFTER UPDATE OF kind ON organizations FOR EACH ROW WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION tally_tasks_of('1');
--> statement-breakpoint
CREATE TRIGGER organizations_tallied_gone BEFORE DELETE ON organizations FOR EACH ROW EXECUTE FUNCTION tally_tasks_of('-1');
