-- The common starter (no municipality, scope 0) is read by every municipality and written by none; a municipality's own entries are seen by it alone.
ALTER TABLE faq_entries ADD CONSTRAINT faq_entries_of_municipality FOREIGN KEY (municipality_id) REFERENCES municipalities (id) ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE faq_feedback ADD CONSTRAINT faq_feedback_of_municipality FOREIGN KEY (municipality_id) REFERENCES municipalities (id) ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE faq_synonyms ADD CONSTRAINT faq_synonyms_of_municipality FOREIGN KEY (municipality_id) REFERENCES municipalities (id) ON DELETE CASCADE;
--> statement-breakpoint
SELECT isolate_by_municipality('faq_feedback');
--> statement-breakpoint
-- Own rows as everywhere; and, to be read only, what belongs to nobody.
DO $$
DECLARE target regclass;
BEGIN
  FOREACH target IN ARRAY ARRAY['faq_entries', 'faq_versions', 'faq_synonyms']::regclass[] LOOP
    PERFORM isolate_by_municipality(target);
    EXECUTE format('CREATE POLICY common_starter ON %s FOR SELECT TO sovet_tenant USING (municipality_id IS NULL)', target);
  END LOOP;
  FOREACH target IN ARRAY ARRAY['faq_vocabulary', 'faq_scopes']::regclass[] LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY own_scope ON %s FOR SELECT TO sovet_tenant USING (scope IN (0, (SELECT current_municipality())))', target);
    EXECUTE format('GRANT SELECT ON %s TO sovet_tenant', target);
  END LOOP;
END $$;
--> statement-breakpoint
-- The vocabulary is counted by triggers for whoever writes an entry, and written by nobody else.
ALTER FUNCTION faq_count_added() SECURITY DEFINER SET search_path = public;
--> statement-breakpoint
ALTER FUNCTION faq_count_removed() SECURITY DEFINER SET search_path = public;
--> statement-breakpoint
ALTER FUNCTION faq_learn_synonym() SECURITY DEFINER SET search_path = public;
--> statement-breakpoint
-- An event of a question is never rewritten, as one of a task is not.
CREATE TRIGGER question_events_never_rewritten BEFORE UPDATE ON question_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
