ALTER TABLE "roadmaps" ALTER COLUMN "title" SET DEFAULT '';--> statement-breakpoint
ALTER TABLE "roadmaps" ALTER COLUMN "period_from" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "roadmaps" ALTER COLUMN "period_to" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "activities" ADD COLUMN "unmatched_schools" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "activities" ADD COLUMN "left_out" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "activities" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD COLUMN "reading" text DEFAULT 'read' NOT NULL;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD COLUMN "refusal" jsonb;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD COLUMN "incoming" jsonb;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD COLUMN "pasted_text" text;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD COLUMN "published_version" integer;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "reminded" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "roadmaps" ADD CONSTRAINT "roadmaps_reading" CHECK ("roadmaps"."reading" in ('undecided', 'collecting', 'waiting', 'refused', 'read'));--> statement-breakpoint
ALTER TABLE "roadmaps" ADD CONSTRAINT "roadmaps_published" CHECK ("roadmaps"."state" = 'draft' or ("roadmaps"."period_from" is not null and "roadmaps"."period_to" is not null));