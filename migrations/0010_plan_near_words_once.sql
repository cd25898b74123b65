-- For each word of each question this function planned its four queries anew, which took longer than to run them.
-- compatible: gives what it gave
ALTER FUNCTION faq_near_words(text, text, bigint[]) SET plan_cache_mode = force_generic_plan;
--> statement-breakpoint
ALTER FUNCTION faq_near_words(text, text, bigint[]) ROWS 20;
