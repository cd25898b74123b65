-- One municipality never sees another's rows, even through a query that forgets to ask: a role of its own, bound by row-level security.
-- The program's own transactions (planning, delivery, the operator's commands) run as the owner of the tables, whom the policies do not bind.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sovet_tenant') THEN
    BEGIN
      CREATE ROLE sovet_tenant NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server made it a moment ago
    END;
  END IF;
  IF NOT pg_has_role(current_user, 'sovet_tenant', 'SET') THEN
    EXECUTE format('GRANT sovet_tenant TO %I', current_user);
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO sovet_tenant;
--> statement-breakpoint
-- The municipality whose transaction this is; null outside one.
CREATE FUNCTION current_municipality() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.municipality', true), '')::bigint $$;
--> statement-breakpoint
-- Binds a table that carries municipality_id. Every migration that makes such a table calls it (a test looks for tables without a policy).
CREATE FUNCTION isolate_by_municipality(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY own_municipality ON %s TO sovet_tenant USING (municipality_id = (SELECT current_municipality())) WITH CHECK (municipality_id = (SELECT current_municipality()))', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO sovet_tenant', target);
END $$;
--> statement-breakpoint
SELECT isolate_by_municipality(c.oid::regclass)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality_id' AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'dialogs';
--> statement-breakpoint
ALTER TABLE municipalities ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own_municipality ON municipalities TO sovet_tenant USING (id = (SELECT current_municipality())) WITH CHECK (id = (SELECT current_municipality()));
--> statement-breakpoint
GRANT SELECT, UPDATE ON municipalities TO sovet_tenant;
--> statement-breakpoint
ALTER TABLE persons ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own_people ON persons TO sovet_tenant
  USING (EXISTS (SELECT FROM memberships m WHERE m.person_id = persons.id AND m.municipality_id = (SELECT current_municipality())));
--> statement-breakpoint
GRANT SELECT, UPDATE ON persons TO sovet_tenant;
--> statement-breakpoint
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own_people ON accounts TO sovet_tenant
  USING (EXISTS (SELECT FROM memberships m WHERE m.person_id = accounts.person_id AND m.municipality_id = (SELECT current_municipality())));
--> statement-breakpoint
GRANT SELECT ON accounts TO sovet_tenant;
--> statement-breakpoint
-- An event of a task is never rewritten, but for the name of somebody who asked to be forgotten: the program says so for that transaction, and nothing but the facts may change.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.erasing', true) = 'on' AND current_user <> 'sovet_tenant'
     AND to_jsonb(NEW) - 'facts' = to_jsonb(OLD) - 'facts' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are never rewritten', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER task_events_never_rewritten BEFORE UPDATE ON task_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
