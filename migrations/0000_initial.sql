CREATE TABLE "announcement_files" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "announcement_files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"announcement_id" bigint NOT NULL,
	"purpose" text NOT NULL,
	"batch" integer DEFAULT 0 NOT NULL,
	"kind" text NOT NULL,
	"messenger_file_id" text NOT NULL,
	"messenger_file_key" text NOT NULL,
	"file_name" text,
	"mime" text,
	"size" integer,
	"sha256" text,
	CONSTRAINT "announcement_files_once" UNIQUE("announcement_id","purpose","batch","messenger_file_key")
);
--> statement-breakpoint
CREATE TABLE "announcement_meetings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "announcement_meetings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"announcement_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"starts_at" timestamptz NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"uid" text NOT NULL,
	"sequence" integer DEFAULT 0 NOT NULL,
	"cancelled" boolean DEFAULT false NOT NULL,
	"code" text,
	CONSTRAINT "announcement_meetings_uid" UNIQUE("uid"),
	CONSTRAINT "announcement_meetings_order" CHECK ("announcement_meetings"."starts_at" < "announcement_meetings"."ends_at")
);
--> statement-breakpoint
CREATE TABLE "announcement_notices" (
	"municipality_id" bigint NOT NULL,
	"announcement_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"what" text NOT NULL,
	"at" timestamptz NOT NULL,
	CONSTRAINT "announcement_notices_announcement_id_person_id_what_pk" PRIMARY KEY("announcement_id","person_id","what")
);
--> statement-breakpoint
CREATE TABLE "announcement_recipients" (
	"municipality_id" bigint NOT NULL,
	"announcement_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"chat" text,
	"delivery_id" bigint,
	"outcome" text,
	CONSTRAINT "announcement_recipients_announcement_id_person_id_pk" PRIMARY KEY("announcement_id","person_id"),
	CONSTRAINT "announcement_recipients_outcome" CHECK ("announcement_recipients"."outcome" in ('sent', 'failed', 'unreachable', 'capped', 'held'))
);
--> statement-breakpoint
CREATE TABLE "announcements" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "announcements_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"author_id" bigint NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"html" text DEFAULT '' NOT NULL,
	"place" text,
	"wants_answer" boolean,
	"answer_until" timestamptz,
	"places" integer,
	"activity_id" bigint,
	"audience" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"send_at" timestamptz,
	"allowed" integer DEFAULT 0 NOT NULL,
	"round" integer DEFAULT 0 NOT NULL,
	"as_caption" boolean DEFAULT false NOT NULL,
	"content_key" text,
	"album" text,
	"cancel_reason" text,
	"created_at" timestamptz NOT NULL,
	"updated_at" timestamptz NOT NULL,
	"sent_at" timestamptz,
	"cancelled_at" timestamptz,
	CONSTRAINT "announcements_in_municipality" UNIQUE("municipality_id","id"),
	CONSTRAINT "announcements_state" CHECK ("announcements"."state" in ('draft', 'scheduled', 'sending', 'paused', 'sent', 'stopped', 'cancelled', 'discarded')),
	CONSTRAINT "announcements_places" CHECK ("announcements"."places" > 0)
);
--> statement-breakpoint
CREATE TABLE "attendances" (
	"municipality_id" bigint NOT NULL,
	"announcement_id" bigint NOT NULL,
	"meeting_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"how" text NOT NULL,
	"at" timestamptz NOT NULL,
	CONSTRAINT "attendances_meeting_id_person_id_pk" PRIMARY KEY("meeting_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "audience_group_members" (
	"municipality_id" bigint NOT NULL,
	"group_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	CONSTRAINT "audience_group_members_group_id_person_id_pk" PRIMARY KEY("group_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "audience_groups" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audience_groups_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamptz NOT NULL,
	CONSTRAINT "audience_groups_in_municipality" UNIQUE("municipality_id","id"),
	CONSTRAINT "audience_groups_name" UNIQUE("municipality_id","name")
);
--> statement-breakpoint
CREATE TABLE "feedbacks" (
	"municipality_id" bigint NOT NULL,
	"announcement_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"score" integer NOT NULL,
	"words" text,
	"at" timestamptz NOT NULL,
	CONSTRAINT "feedbacks_announcement_id_person_id_pk" PRIMARY KEY("announcement_id","person_id"),
	CONSTRAINT "feedbacks_score" CHECK ("feedbacks"."score" between 1 and 5)
);
--> statement-breakpoint
CREATE TABLE "rsvp_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rsvp_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"announcement_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"revision" integer NOT NULL,
	"answer" text NOT NULL,
	"deputy_name" text,
	"at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rsvps" (
	"municipality_id" bigint NOT NULL,
	"announcement_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"answer" text NOT NULL,
	"deputy_name" text,
	"wanted_order" integer,
	"answered_at" timestamptz NOT NULL,
	CONSTRAINT "rsvps_announcement_id_person_id_pk" PRIMARY KEY("announcement_id","person_id"),
	CONSTRAINT "rsvps_order" UNIQUE("announcement_id","wanted_order"),
	CONSTRAINT "rsvps_answer" CHECK ("rsvps"."answer" in ('yes', 'no', 'deputy'))
);
--> statement-breakpoint
CREATE TABLE "boards" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "boards_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"messenger" text NOT NULL,
	"chat" text NOT NULL,
	"delivery_id" bigint,
	"content_hash" text NOT NULL,
	"updated_at" timestamptz NOT NULL,
	CONSTRAINT "boards_once" UNIQUE("municipality_id","person_id","kind","chat")
);
--> statement-breakpoint
CREATE TABLE "chat_paces" (
	"messenger" text NOT NULL,
	"chat" text NOT NULL,
	"free_at" timestamptz NOT NULL,
	"closed_until" timestamptz,
	CONSTRAINT "chat_paces_messenger_chat_pk" PRIMARY KEY("messenger","chat")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint,
	"person_id" bigint,
	"messenger" text DEFAULT 'telegram' NOT NULL,
	"chat" text NOT NULL,
	"lane" integer NOT NULL,
	"turn" bigint DEFAULT 0 NOT NULL,
	"reason" text NOT NULL,
	"once_key" text,
	"content" jsonb NOT NULL,
	"subject" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"uncertain" boolean DEFAULT false NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"not_before" timestamptz,
	"claimed_until" timestamptz,
	"message_id" bigint,
	"failure" text,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"sent_at" timestamptz,
	CONSTRAINT "deliveries_state" CHECK ("deliveries"."state" in ('queued', 'sending', 'sent', 'dead', 'cancelled')),
	CONSTRAINT "deliveries_lane" CHECK ("deliveries"."lane" between 0 and 2)
);
--> statement-breakpoint
CREATE TABLE "dialogs" (
	"messenger" text NOT NULL,
	"chat" text NOT NULL,
	"municipality_id" bigint,
	"state" jsonb NOT NULL,
	"updated_at" timestamptz NOT NULL,
	CONSTRAINT "dialogs_messenger_chat_pk" PRIMARY KEY("messenger","chat")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"messenger" text DEFAULT 'telegram' NOT NULL,
	"update_id" bigint NOT NULL,
	"chat" text NOT NULL,
	"payload" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"not_before" timestamptz,
	"failure" text,
	"received_at" timestamptz DEFAULT now() NOT NULL,
	"done_at" timestamptz,
	CONSTRAINT "inbox_messenger_update_id_pk" PRIMARY KEY("messenger","update_id"),
	CONSTRAINT "inbox_state" CHECK ("inbox"."state" in ('waiting', 'done', 'set-aside'))
);
--> statement-breakpoint
CREATE TABLE "reminders" (
	"task_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"day" date NOT NULL,
	"municipality_id" bigint NOT NULL,
	"reason" text NOT NULL,
	"delivery_id" bigint,
	CONSTRAINT "reminders_task_id_person_id_day_pk" PRIMARY KEY("task_id","person_id","day")
);
--> statement-breakpoint
CREATE TABLE "send_budgets" (
	"messenger" text NOT NULL,
	"lane" integer NOT NULL,
	"free_at" timestamptz NOT NULL,
	CONSTRAINT "send_budgets_messenger_lane_pk" PRIMARY KEY("messenger","lane")
);
--> statement-breakpoint
CREATE TABLE "slots" (
	"municipality_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"day" date NOT NULL,
	"done_at" timestamptz NOT NULL,
	"due_count" integer DEFAULT 0 NOT NULL,
	"sent_count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "slots_municipality_id_kind_day_pk" PRIMARY KEY("municipality_id","kind","day")
);
--> statement-breakpoint
CREATE TABLE "absences" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "absences_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"from_day" date NOT NULL,
	"until_day" date NOT NULL,
	"deputy_id" bigint,
	"created_at" timestamptz NOT NULL,
	CONSTRAINT "absences_order" CHECK ("absences"."from_day" <= "absences"."until_day")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "accounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"messenger" text DEFAULT 'telegram' NOT NULL,
	"address" text NOT NULL,
	"person_id" bigint NOT NULL,
	"active_municipality_id" bigint,
	"state" text DEFAULT 'reachable' NOT NULL,
	"state_since" timestamptz,
	"created_at" timestamptz NOT NULL,
	CONSTRAINT "accounts_address" UNIQUE("messenger","address"),
	CONSTRAINT "accounts_state" CHECK ("accounts"."state" in ('reachable', 'blocked', 'deactivated', 'not-found'))
);
--> statement-breakpoint
CREATE TABLE "calendar_overrides" (
	"municipality_id" bigint NOT NULL,
	"day" date NOT NULL,
	"working" boolean NOT NULL,
	CONSTRAINT "calendar_overrides_municipality_id_day_pk" PRIMARY KEY("municipality_id","day")
);
--> statement-breakpoint
CREATE TABLE "invite_attempts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "invite_attempts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"messenger" text NOT NULL,
	"address" text NOT NULL,
	"at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invites" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "invites_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"person_name" text NOT NULL,
	"phone" text,
	"role" text NOT NULL,
	"organization_ids" bigint[] NOT NULL,
	"invited_by_id" bigint,
	"expires_at" timestamptz NOT NULL,
	"used_at" timestamptz,
	"used_by_id" bigint,
	"revoked_at" timestamptz,
	"created_at" timestamptz NOT NULL,
	CONSTRAINT "invites_token_hash" UNIQUE("token_hash"),
	CONSTRAINT "invites_role" CHECK ("invites"."role" in ('coordinator', 'curator', 'head', 'deputy', 'council')),
	CONSTRAINT "invites_organizations" CHECK (cardinality("invites"."organization_ids") > 0)
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "memberships_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"organization_id" bigint NOT NULL,
	"role" text NOT NULL,
	"since" timestamptz NOT NULL,
	"ended_at" timestamptz,
	CONSTRAINT "memberships_role" CHECK ("memberships"."role" in ('coordinator', 'curator', 'head', 'deputy', 'council'))
);
--> statement-breakpoint
CREATE TABLE "municipalities" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "municipalities_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"timezone" text NOT NULL,
	"locale" text DEFAULT 'ru' NOT NULL,
	"work_from" time DEFAULT '09:00' NOT NULL,
	"work_to" time DEFAULT '18:00' NOT NULL,
	"reminder_slot" time DEFAULT '09:00' NOT NULL,
	"digest_slot" time DEFAULT '09:30' NOT NULL,
	"reminder_policy" jsonb,
	"evidence_required" boolean DEFAULT false NOT NULL,
	"announcements_per_day" integer DEFAULT 3 NOT NULL,
	"last_receipt_number" integer DEFAULT 0 NOT NULL,
	"created_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "organizations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"short_name" text NOT NULL,
	"school_kind" text,
	"mentor_for_id" bigint,
	"paused_until" date,
	"note" text,
	"archived_at" timestamptz,
	"created_at" timestamptz NOT NULL,
	CONSTRAINT "organizations_name" UNIQUE("municipality_id","name"),
	CONSTRAINT "organizations_in_municipality" UNIQUE("municipality_id","id"),
	CONSTRAINT "organizations_kind" CHECK ("organizations"."kind" in ('school', 'department', 'centre'))
);
--> statement-breakpoint
CREATE TABLE "persons" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "persons_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"full_name" text NOT NULL,
	"phone" text,
	"consented_at" timestamptz,
	"consent_version" text,
	"erased_at" timestamptz,
	"created_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "consents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"version" text NOT NULL,
	"given_at" timestamptz NOT NULL,
	"withdrawn_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "erasures_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"asked_by" text NOT NULL,
	"counts" jsonb NOT NULL,
	"at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "setting_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "setting_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"setting" text NOT NULL,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	"person_id" bigint,
	"at" timestamptz NOT NULL,
	"undone_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "answers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "answers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"question_id" bigint NOT NULL,
	"author_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"words" text NOT NULL,
	"chat" text NOT NULL,
	"message_id" bigint NOT NULL,
	"at" timestamptz NOT NULL,
	CONSTRAINT "answers_once" UNIQUE("question_id","chat","message_id"),
	CONSTRAINT "answers_kind" CHECK ("answers"."kind" in ('answer', 'asked-back', 'added'))
);
--> statement-breakpoint
CREATE TABLE "council_groups" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "council_groups_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"messenger" text NOT NULL,
	"chat" text NOT NULL,
	"title" text NOT NULL,
	"is_forum" boolean NOT NULL,
	"state" text NOT NULL,
	"asked_by_id" bigint,
	"asked_at" timestamptz NOT NULL,
	CONSTRAINT "council_groups_state" CHECK ("council_groups"."state" in ('asked', 'bound', 'left'))
);
--> statement-breakpoint
CREATE TABLE "council_topics" (
	"municipality_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"topic" text NOT NULL,
	CONSTRAINT "council_topics_municipality_id_person_id_topic_pk" PRIMARY KEY("municipality_id","person_id","topic")
);
--> statement-breakpoint
CREATE TABLE "faq_keepers" (
	"municipality_id" bigint NOT NULL,
	"entry_id" bigint NOT NULL,
	"person_id" bigint,
	"asked_for" date,
	CONSTRAINT "faq_keepers_municipality_id_entry_id_pk" PRIMARY KEY("municipality_id","entry_id")
);
--> statement-breakpoint
CREATE TABLE "faq_proposals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "faq_proposals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"question_id" bigint,
	"entry_id" bigint,
	"topic" text NOT NULL,
	"question" text NOT NULL,
	"answer" text NOT NULL,
	"keywords" text DEFAULT '' NOT NULL,
	"source" text DEFAULT '' NOT NULL,
	"review_on" date,
	"state" text DEFAULT 'draft' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"proposed_by_id" bigint NOT NULL,
	"decided_by_id" bigint,
	"created_at" timestamptz NOT NULL,
	"decided_at" timestamptz,
	CONSTRAINT "faq_proposals_state" CHECK ("faq_proposals"."state" in ('draft', 'proposed', 'approved', 'declined'))
);
--> statement-breakpoint
CREATE TABLE "question_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "question_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"question_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"actor_id" bigint,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"update_id" bigint,
	"at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "question_files" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "question_files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"question_id" bigint NOT NULL,
	"answer_id" bigint,
	"kind" text NOT NULL,
	"messenger_file_id" text NOT NULL,
	"messenger_file_key" text NOT NULL,
	"file_name" text,
	"mime" text,
	"sha256" text,
	"at" timestamptz NOT NULL,
	CONSTRAINT "question_files_once" UNIQUE NULLS NOT DISTINCT("question_id","answer_id","messenger_file_key")
);
--> statement-breakpoint
CREATE TABLE "question_findings" (
	"municipality_id" bigint NOT NULL,
	"question_id" bigint NOT NULL,
	"entry_id" bigint NOT NULL,
	"place" integer NOT NULL,
	"verdict" text DEFAULT 'shown' NOT NULL,
	CONSTRAINT "question_findings_question_id_entry_id_pk" PRIMARY KEY("question_id","entry_id"),
	CONSTRAINT "question_findings_verdict" CHECK ("question_findings"."verdict" in ('shown', 'helped', 'not-it'))
);
--> statement-breakpoint
CREATE TABLE "question_followers" (
	"municipality_id" bigint NOT NULL,
	"question_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"at" timestamptz NOT NULL,
	CONSTRAINT "question_followers_question_id_person_id_pk" PRIMARY KEY("question_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "question_posts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "question_posts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"question_id" bigint NOT NULL,
	"audience" text NOT NULL,
	"person_id" bigint,
	"messenger" text NOT NULL,
	"chat" text NOT NULL,
	"delivery_id" bigint NOT NULL,
	CONSTRAINT "question_posts_once" UNIQUE("question_id","audience","chat"),
	CONSTRAINT "question_posts_audience" CHECK ("question_posts"."audience" in ('asker', 'member', 'group', 'topic'))
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "questions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"number" integer,
	"asker_id" bigint NOT NULL,
	"organization_id" bigint,
	"withheld" boolean DEFAULT false NOT NULL,
	"words" text NOT NULL,
	"topic" text NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"taker_id" bigint,
	"entry_id" bigint,
	"found" boolean DEFAULT false NOT NULL,
	"reminded_step" integer DEFAULT 0 NOT NULL,
	"created_at" timestamptz NOT NULL,
	"asked_at" timestamptz,
	"waits_since" timestamptz,
	"expected_at" timestamptz,
	"answered_at" timestamptz,
	"closed_at" timestamptz,
	CONSTRAINT "questions_number" UNIQUE("municipality_id","number"),
	CONSTRAINT "questions_state" CHECK ("questions"."state" in ('draft', 'asked', 'taken', 'asked-back', 'answered', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "activities" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "activities_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"roadmap_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"number" text NOT NULL,
	"section" text NOT NULL,
	"title" text NOT NULL,
	"deadline_text" text NOT NULL,
	"schedule" jsonb NOT NULL,
	"responsible_text" text NOT NULL,
	"executors" text[] NOT NULL,
	"named_organization_ids" bigint[] DEFAULT '{}' NOT NULL,
	"unmatched_schools" text[] DEFAULT '{}' NOT NULL,
	"expected_result" text NOT NULL,
	"expected_papers" text[] DEFAULT '{}' NOT NULL,
	"parent" text,
	"is_whole" boolean DEFAULT false NOT NULL,
	"warnings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"needs_evidence" boolean DEFAULT false NOT NULL,
	"needs_approval" boolean DEFAULT true NOT NULL,
	"left_out" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"confirmed_at" timestamptz,
	"removed_at" timestamptz,
	CONSTRAINT "activities_in_municipality" UNIQUE("municipality_id","id"),
	CONSTRAINT "activities_position" UNIQUE("roadmap_id","position")
);
--> statement-breakpoint
CREATE TABLE "files" (
	"municipality_id" bigint NOT NULL,
	"sha256" text NOT NULL,
	"size" integer NOT NULL,
	"mime" text NOT NULL,
	"picture_hash" text,
	"messenger_file_id" text,
	"created_at" timestamptz NOT NULL,
	CONSTRAINT "files_municipality_id_sha256_pk" PRIMARY KEY("municipality_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "roadmap_schools" (
	"municipality_id" bigint NOT NULL,
	"roadmap_id" bigint NOT NULL,
	"organization_id" bigint NOT NULL,
	CONSTRAINT "roadmap_schools_roadmap_id_organization_id_pk" PRIMARY KEY("roadmap_id","organization_id")
);
--> statement-breakpoint
CREATE TABLE "roadmaps" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "roadmaps_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"period_from" date,
	"period_to" date,
	"state" text DEFAULT 'draft' NOT NULL,
	"reading" text DEFAULT 'read' NOT NULL,
	"refusal" jsonb,
	"incoming" jsonb,
	"pasted_text" text,
	"source_sha256" text,
	"source_name" text,
	"replaces_id" bigint,
	"version" integer DEFAULT 1 NOT NULL,
	"published_version" integer,
	"imported_by_id" bigint,
	"created_at" timestamptz NOT NULL,
	"published_at" timestamptz,
	"archived_at" timestamptz,
	CONSTRAINT "roadmaps_in_municipality" UNIQUE("municipality_id","id"),
	CONSTRAINT "roadmaps_state" CHECK ("roadmaps"."state" in ('draft', 'published', 'archived')),
	CONSTRAINT "roadmaps_reading" CHECK ("roadmaps"."reading" in ('undecided', 'collecting', 'waiting', 'refused', 'read')),
	CONSTRAINT "roadmaps_period" CHECK ("roadmaps"."period_from" <= "roadmaps"."period_to"),
	CONSTRAINT "roadmaps_published" CHECK ("roadmaps"."state" = 'draft' or ("roadmaps"."period_from" is not null and "roadmaps"."period_to" is not null))
);
--> statement-breakpoint
CREATE TABLE "evidence" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "evidence_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"report_id" bigint,
	"author_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"chat" text NOT NULL,
	"message_id" bigint NOT NULL,
	"reply_to_message_id" bigint,
	"album" text,
	"messenger_file_id" text,
	"messenger_file_key" text,
	"sha256" text,
	"file_name" text,
	"mime" text,
	"size" integer,
	"url" text,
	"caption" text,
	"failure" text,
	"asked_at" timestamptz,
	"received_at" timestamptz NOT NULL,
	CONSTRAINT "evidence_message" UNIQUE NULLS NOT DISTINCT("municipality_id","chat","message_id","kind","url"),
	CONSTRAINT "evidence_kind" CHECK ("evidence"."kind" in ('photo', 'document', 'video', 'voice', 'link')),
	CONSTRAINT "evidence_state" CHECK ("evidence"."state" in ('arriving', 'stored', 'failed', 'removed'))
);
--> statement-breakpoint
CREATE TABLE "postponements" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "postponements_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"task_id" bigint NOT NULL,
	"asked_by_id" bigint NOT NULL,
	"asked_at" timestamptz NOT NULL,
	"due_before" date NOT NULL,
	"due_after" date NOT NULL,
	"reason" text,
	"state" text DEFAULT 'asked' NOT NULL,
	"answered_by_id" bigint,
	"answered_at" timestamptz,
	CONSTRAINT "postponements_state" CHECK ("postponements"."state" in ('asked', 'granted', 'refused', 'withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"task_id" bigint NOT NULL,
	"author_id" bigint NOT NULL,
	"state" text NOT NULL,
	"closing" boolean DEFAULT false NOT NULL,
	"receipt_number" integer,
	"comment" text,
	"done_on" date,
	"numbers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"links" text[] DEFAULT '{}' NOT NULL,
	"started_at" timestamptz NOT NULL,
	"touched_at" timestamptz NOT NULL,
	"submitted_at" timestamptz,
	"reviewed_at" timestamptz,
	"reviewer_id" bigint,
	"return_reason" text,
	"ticked_papers" text[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "reports_in_municipality" UNIQUE("municipality_id","id"),
	CONSTRAINT "reports_receipt" UNIQUE("municipality_id","receipt_number"),
	CONSTRAINT "reports_state" CHECK ("reports"."state" in ('collecting', 'submitted', 'accepted', 'returned', 'withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "school_notes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "school_notes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"organization_id" bigint NOT NULL,
	"author_id" bigint NOT NULL,
	"words" text NOT NULL,
	"at" timestamptz NOT NULL,
	"removed" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "snoozes" (
	"municipality_id" bigint NOT NULL,
	"task_id" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"remind_on" date NOT NULL,
	CONSTRAINT "snoozes_task_id_person_id_pk" PRIMARY KEY("task_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "task_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"task_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"at" timestamptz NOT NULL,
	"actor_id" bigint,
	"from_state" text,
	"to_state" text,
	"version" integer NOT NULL,
	"update_id" bigint,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "task_events_version" UNIQUE("task_id","version")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"municipality_id" bigint NOT NULL,
	"activity_id" bigint NOT NULL,
	"organization_id" bigint NOT NULL,
	"window_from" date NOT NULL,
	"window_due" date NOT NULL,
	"due_on" date NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"obstacle" text,
	"reminded" boolean DEFAULT true NOT NULL,
	"assignee_id" bigint,
	"updated_at" timestamptz NOT NULL,
	CONSTRAINT "tasks_once" UNIQUE("activity_id","organization_id","window_from","window_due"),
	CONSTRAINT "tasks_in_municipality" UNIQUE("municipality_id","id"),
	CONSTRAINT "tasks_state" CHECK ("tasks"."state" in ('planned', 'in_progress', 'blocked', 'reported', 'returned', 'accepted', 'cancelled')),
	CONSTRAINT "tasks_window" CHECK ("tasks"."window_from" <= "tasks"."window_due")
);
--> statement-breakpoint
ALTER TABLE "announcement_files" ADD CONSTRAINT "announcement_files_announcement" FOREIGN KEY ("municipality_id","announcement_id") REFERENCES "public"."announcements"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_meetings" ADD CONSTRAINT "announcement_meetings_announcement" FOREIGN KEY ("municipality_id","announcement_id") REFERENCES "public"."announcements"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_notices" ADD CONSTRAINT "announcement_notices_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_notices" ADD CONSTRAINT "announcement_notices_announcement" FOREIGN KEY ("municipality_id","announcement_id") REFERENCES "public"."announcements"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_recipients" ADD CONSTRAINT "announcement_recipients_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_recipients" ADD CONSTRAINT "announcement_recipients_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_recipients" ADD CONSTRAINT "announcement_recipients_announcement" FOREIGN KEY ("municipality_id","announcement_id") REFERENCES "public"."announcements"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_author_id_persons_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_activity" FOREIGN KEY ("municipality_id","activity_id") REFERENCES "public"."activities"("municipality_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_meeting_id_announcement_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."announcement_meetings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_announcement" FOREIGN KEY ("municipality_id","announcement_id") REFERENCES "public"."announcements"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audience_group_members" ADD CONSTRAINT "audience_group_members_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audience_group_members" ADD CONSTRAINT "audience_group_members_group" FOREIGN KEY ("municipality_id","group_id") REFERENCES "public"."audience_groups"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audience_groups" ADD CONSTRAINT "audience_groups_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedbacks" ADD CONSTRAINT "feedbacks_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedbacks" ADD CONSTRAINT "feedbacks_announcement" FOREIGN KEY ("municipality_id","announcement_id") REFERENCES "public"."announcements"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rsvp_events" ADD CONSTRAINT "rsvp_events_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rsvp_events" ADD CONSTRAINT "rsvp_events_announcement" FOREIGN KEY ("municipality_id","announcement_id") REFERENCES "public"."announcements"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rsvps" ADD CONSTRAINT "rsvps_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rsvps" ADD CONSTRAINT "rsvps_announcement" FOREIGN KEY ("municipality_id","announcement_id") REFERENCES "public"."announcements"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "boards" ADD CONSTRAINT "boards_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "boards" ADD CONSTRAINT "boards_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "boards" ADD CONSTRAINT "boards_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dialogs" ADD CONSTRAINT "dialogs_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slots" ADD CONSTRAINT "slots_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_deputy_id_persons_id_fk" FOREIGN KEY ("deputy_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_active_municipality_id_municipalities_id_fk" FOREIGN KEY ("active_municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_overrides" ADD CONSTRAINT "calendar_overrides_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_invited_by_id_persons_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_used_by_id_persons_id_fk" FOREIGN KEY ("used_by_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization" FOREIGN KEY ("municipality_id","organization_id") REFERENCES "public"."organizations"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "setting_changes" ADD CONSTRAINT "setting_changes_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "setting_changes" ADD CONSTRAINT "setting_changes_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_author_id_persons_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "council_groups" ADD CONSTRAINT "council_groups_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "council_groups" ADD CONSTRAINT "council_groups_asked_by_id_persons_id_fk" FOREIGN KEY ("asked_by_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "council_topics" ADD CONSTRAINT "council_topics_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "council_topics" ADD CONSTRAINT "council_topics_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_keepers" ADD CONSTRAINT "faq_keepers_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_keepers" ADD CONSTRAINT "faq_keepers_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_proposals" ADD CONSTRAINT "faq_proposals_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_proposals" ADD CONSTRAINT "faq_proposals_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_proposals" ADD CONSTRAINT "faq_proposals_proposed_by_id_persons_id_fk" FOREIGN KEY ("proposed_by_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_proposals" ADD CONSTRAINT "faq_proposals_decided_by_id_persons_id_fk" FOREIGN KEY ("decided_by_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_events" ADD CONSTRAINT "question_events_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_events" ADD CONSTRAINT "question_events_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_events" ADD CONSTRAINT "question_events_actor_id_persons_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_files" ADD CONSTRAINT "question_files_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_files" ADD CONSTRAINT "question_files_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_files" ADD CONSTRAINT "question_files_answer_id_answers_id_fk" FOREIGN KEY ("answer_id") REFERENCES "public"."answers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_findings" ADD CONSTRAINT "question_findings_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_findings" ADD CONSTRAINT "question_findings_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_followers" ADD CONSTRAINT "question_followers_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_followers" ADD CONSTRAINT "question_followers_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_followers" ADD CONSTRAINT "question_followers_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_posts" ADD CONSTRAINT "question_posts_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_posts" ADD CONSTRAINT "question_posts_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_posts" ADD CONSTRAINT "question_posts_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_posts" ADD CONSTRAINT "question_posts_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_asker_id_persons_id_fk" FOREIGN KEY ("asker_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_taker_id_persons_id_fk" FOREIGN KEY ("taker_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "activities" ADD CONSTRAINT "activities_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "activities" ADD CONSTRAINT "activities_roadmap" FOREIGN KEY ("municipality_id","roadmap_id") REFERENCES "public"."roadmaps"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roadmap_schools" ADD CONSTRAINT "roadmap_schools_roadmap" FOREIGN KEY ("municipality_id","roadmap_id") REFERENCES "public"."roadmaps"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roadmap_schools" ADD CONSTRAINT "roadmap_schools_school" FOREIGN KEY ("municipality_id","organization_id") REFERENCES "public"."organizations"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD CONSTRAINT "roadmaps_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD CONSTRAINT "roadmaps_imported_by_id_persons_id_fk" FOREIGN KEY ("imported_by_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_author_id_persons_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_report" FOREIGN KEY ("municipality_id","report_id") REFERENCES "public"."reports"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postponements" ADD CONSTRAINT "postponements_asked_by_id_persons_id_fk" FOREIGN KEY ("asked_by_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postponements" ADD CONSTRAINT "postponements_answered_by_id_persons_id_fk" FOREIGN KEY ("answered_by_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postponements" ADD CONSTRAINT "postponements_task" FOREIGN KEY ("municipality_id","task_id") REFERENCES "public"."tasks"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_author_id_persons_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_reviewer_id_persons_id_fk" FOREIGN KEY ("reviewer_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_task" FOREIGN KEY ("municipality_id","task_id") REFERENCES "public"."tasks"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "school_notes" ADD CONSTRAINT "school_notes_author_id_persons_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "school_notes" ADD CONSTRAINT "school_notes_school" FOREIGN KEY ("municipality_id","organization_id") REFERENCES "public"."organizations"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snoozes" ADD CONSTRAINT "snoozes_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snoozes" ADD CONSTRAINT "snoozes_task" FOREIGN KEY ("municipality_id","task_id") REFERENCES "public"."tasks"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_actor_id_persons_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_task" FOREIGN KEY ("municipality_id","task_id") REFERENCES "public"."tasks"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_municipality_id_municipalities_id_fk" FOREIGN KEY ("municipality_id") REFERENCES "public"."municipalities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_assignee_id_persons_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_activity" FOREIGN KEY ("municipality_id","activity_id") REFERENCES "public"."activities"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_organization" FOREIGN KEY ("municipality_id","organization_id") REFERENCES "public"."organizations"("municipality_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "announcement_meetings_by_announcement" ON "announcement_meetings" USING btree ("announcement_id");--> statement-breakpoint
CREATE INDEX "announcement_meetings_by_start" ON "announcement_meetings" USING btree ("starts_at");--> statement-breakpoint
CREATE UNIQUE INDEX "announcement_meetings_code" ON "announcement_meetings" USING btree ("municipality_id","code") WHERE "announcement_meetings"."code" is not null;--> statement-breakpoint
CREATE INDEX "announcement_recipients_by_person" ON "announcement_recipients" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "announcements_by_state" ON "announcements" USING btree ("municipality_id","state","updated_at");--> statement-breakpoint
CREATE INDEX "announcements_to_send" ON "announcements" USING btree ("send_at") WHERE "announcements"."state" = 'scheduled';--> statement-breakpoint
CREATE INDEX "attendances_by_announcement" ON "attendances" USING btree ("announcement_id");--> statement-breakpoint
CREATE INDEX "rsvp_events_by_announcement" ON "rsvp_events" USING btree ("announcement_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" USING btree ("once_key") WHERE "deliveries"."once_key" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_by_message" ON "deliveries" USING btree ("messenger","chat","message_id");--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("lane","turn","id") WHERE "deliveries"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "deliveries_of_municipality" ON "deliveries" USING btree ("municipality_id","lane","turn") WHERE "deliveries"."state" = 'queued' and "deliveries"."lane" > 0;--> statement-breakpoint
CREATE INDEX "deliveries_in_hand" ON "deliveries" USING btree ("claimed_until") WHERE "deliveries"."state" = 'sending';--> statement-breakpoint
CREATE INDEX "deliveries_of_chat" ON "deliveries" USING btree ("messenger","chat","id") WHERE "deliveries"."state" in ('queued', 'sending');--> statement-breakpoint
CREATE INDEX "deliveries_by_person" ON "deliveries" USING btree ("person_id","created_at");--> statement-breakpoint
CREATE INDEX "inbox_waiting" ON "inbox" USING btree ("messenger","chat","update_id") WHERE "inbox"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "inbox_by_age" ON "inbox" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "reminders_by_person" ON "reminders" USING btree ("person_id","day");--> statement-breakpoint
CREATE INDEX "absences_by_person" ON "absences" USING btree ("person_id","until_day");--> statement-breakpoint
CREATE INDEX "accounts_by_person" ON "accounts" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "invite_attempts_by_account" ON "invite_attempts" USING btree ("messenger","address","at");--> statement-breakpoint
CREATE INDEX "invite_attempts_by_time" ON "invite_attempts" USING btree ("at");--> statement-breakpoint
CREATE INDEX "invites_by_municipality" ON "invites" USING btree ("municipality_id");--> statement-breakpoint
CREATE INDEX "invites_by_phone" ON "invites" USING btree ("phone") WHERE "invites"."used_at" is null and "invites"."phone" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_once" ON "memberships" USING btree ("person_id","organization_id","role") WHERE "memberships"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "memberships_by_person" ON "memberships" USING btree ("person_id","municipality_id");--> statement-breakpoint
CREATE INDEX "memberships_by_organization" ON "memberships" USING btree ("organization_id","role") WHERE "memberships"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "memberships_by_municipality" ON "memberships" USING btree ("municipality_id","role") WHERE "memberships"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "consents_once" ON "consents" USING btree ("person_id","municipality_id","version") WHERE "consents"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "erasures_by_municipality" ON "erasures" USING btree ("municipality_id","at");--> statement-breakpoint
CREATE INDEX "setting_changes_by_municipality" ON "setting_changes" USING btree ("municipality_id","id");--> statement-breakpoint
CREATE INDEX "answers_by_question" ON "answers" USING btree ("question_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "council_groups_of_municipality" ON "council_groups" USING btree ("municipality_id") WHERE "council_groups"."state" = 'bound';--> statement-breakpoint
CREATE UNIQUE INDEX "council_groups_chat" ON "council_groups" USING btree ("messenger","chat") WHERE "council_groups"."state" = 'bound';--> statement-breakpoint
CREATE INDEX "faq_proposals_waiting" ON "faq_proposals" USING btree ("municipality_id","id") WHERE "faq_proposals"."state" = 'proposed';--> statement-breakpoint
CREATE INDEX "question_events_by_question" ON "question_events" USING btree ("question_id","id");--> statement-breakpoint
CREATE INDEX "question_files_by_question" ON "question_files" USING btree ("question_id","id");--> statement-breakpoint
CREATE INDEX "questions_open" ON "questions" USING btree ("municipality_id","waits_since") WHERE "questions"."state" in ('asked', 'taken', 'asked-back', 'answered');--> statement-breakpoint
CREATE INDEX "questions_by_asker" ON "questions" USING btree ("asker_id","id");--> statement-breakpoint
CREATE INDEX "questions_by_time" ON "questions" USING btree ("municipality_id","created_at");--> statement-breakpoint
CREATE INDEX "roadmaps_by_municipality" ON "roadmaps" USING btree ("municipality_id","state");--> statement-breakpoint
CREATE INDEX "evidence_by_report" ON "evidence" USING btree ("report_id");--> statement-breakpoint
CREATE INDEX "evidence_by_album" ON "evidence" USING btree ("chat","album") WHERE "evidence"."album" is not null;--> statement-breakpoint
CREATE INDEX "evidence_unsorted" ON "evidence" USING btree ("author_id","received_at") WHERE "evidence"."report_id" is null and "evidence"."state" <> 'removed';--> statement-breakpoint
CREATE INDEX "evidence_arriving" ON "evidence" USING btree ("received_at") WHERE "evidence"."state" = 'arriving';--> statement-breakpoint
CREATE INDEX "evidence_by_content" ON "evidence" USING btree ("municipality_id","sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "postponements_one_open" ON "postponements" USING btree ("task_id") WHERE "postponements"."state" = 'asked';--> statement-breakpoint
CREATE UNIQUE INDEX "reports_one_open" ON "reports" USING btree ("task_id") WHERE "reports"."state" in ('collecting', 'submitted');--> statement-breakpoint
CREATE INDEX "reports_by_task" ON "reports" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "reports_by_author" ON "reports" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "reports_waiting" ON "reports" USING btree ("municipality_id","submitted_at") WHERE "reports"."state" = 'submitted';--> statement-breakpoint
CREATE INDEX "reports_collecting" ON "reports" USING btree ("touched_at") WHERE "reports"."state" = 'collecting';--> statement-breakpoint
CREATE INDEX "school_notes_by_school" ON "school_notes" USING btree ("organization_id","at");--> statement-breakpoint
CREATE INDEX "snoozes_by_day" ON "snoozes" USING btree ("remind_on");--> statement-breakpoint
CREATE INDEX "task_events_by_time" ON "task_events" USING btree ("municipality_id","at");--> statement-breakpoint
CREATE INDEX "task_events_by_actor" ON "task_events" USING btree ("actor_id");--> statement-breakpoint
CREATE INDEX "tasks_open_by_due" ON "tasks" USING btree ("due_on","municipality_id") WHERE "tasks"."state" in ('planned', 'in_progress', 'blocked', 'returned');--> statement-breakpoint
CREATE INDEX "tasks_open_by_organization" ON "tasks" USING btree ("organization_id","due_on") WHERE "tasks"."state" in ('planned', 'in_progress', 'blocked', 'returned');--> statement-breakpoint
CREATE INDEX "tasks_by_organization" ON "tasks" USING btree ("organization_id","state","due_on");--> statement-breakpoint
CREATE INDEX "tasks_by_change" ON "tasks" USING btree ("organization_id","updated_at");--> statement-breakpoint
CREATE INDEX "tasks_by_municipality" ON "tasks" USING btree ("municipality_id","state","due_on");