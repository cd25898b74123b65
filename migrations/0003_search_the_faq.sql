-- The FAQ of the consultation council: entries, what people pressed, and the vocabulary by which each word of a question is repaired.
-- `src/db/schema/council.ts` mirrors the tables; a test compares the two. Needs a database with LC_CTYPE C.UTF-8: with C alone Russian words are not folded.

create extension if not exists btree_gin;

-- Russian stems with no stop words: which words of a question count is decided when it is read, not when the entry is stored.
create text search dictionary faq_stem (template = snowball, language = russian);
create text search configuration faq (copy = simple);
alter text search configuration faq alter mapping for word, hword, hword_part with faq_stem;

-- Text as search sees it: small letters, no «ё», nothing but letters and digits, and a blank between a digit and a letter («9а» is «9 а»).
create function faq_plain(words text) returns text language sql immutable strict parallel safe as $$
  select regexp_replace(
    regexp_replace(translate(lower(words), 'ё', 'е'), '[^[:alpha:][:digit:]]+', ' ', 'g'),
    '([[:digit:]])([[:alpha:]])|([[:alpha:]])([[:digit:]])', '\1\3 \2\4', 'g')
$$;

-- The stems of a phrase in their order.
create function faq_lexemes(words text) returns text[] language sql immutable strict parallel safe as $$
  select coalesce(array_agg(lexeme order by positions[1]), '{}') from unnest(to_tsvector('faq', faq_plain(words)))
$$;

-- The beginning by which relatives are found where a prefix tells them apart: «зарегистрирова» and «регистрац» are both «реги».
create function faq_root(lexeme text) returns text language sql immutable strict parallel safe as $$
  select left(
    case when lexeme ~ '^(пере|пред|при|про|под|подо|рас|раз|вос|воз|вз|вы|до|за|из|ис|на|об|обо|от|ото|по|со|с|у|о)[а-я]{4}'
      then regexp_replace(lexeme, '^(пере|пред|при|про|подо|под|рас|раз|вос|воз|вз|вы|до|за|из|ис|на|обо|об|ото|от|по|со|с|у|о)(?=[а-я]{4})', '')
      else lexeme end, 4)
$$;

-- What a word in a scope is found by in spite of a slip: the numbers of itself and of what is left without any one of its letters. Two words one slip apart,
-- a letter dropped, added, replaced or swapped with its neighbour, share one of them. The scope is part of the number, so that other scopes' words cost nothing.
create function faq_slips(of_scope bigint, word text) returns bigint[] language sql immutable strict parallel safe as $$
  select array_agg(distinct hashtextextended(case when at = 0 then word else left(word, at - 1) || substr(word, at + 1) end, of_scope))
  from generate_series(0, length(word)) at
$$;

create table faq_entries (
  id bigint generated always as identity primary key,
  municipality_id bigint,
  code text not null,
  topic text not null,
  question text not null,
  answer text not null,
  keywords text not null default '',
  source text not null default '',
  review_on date,
  standing text not null default 'typical',
  version integer not null default 1,
  updated_at timestamptz not null,
  scope bigint not null generated always as (coalesce(municipality_id, 0)) stored,
  search tsvector not null generated always as (
    setweight(to_tsvector('faq', faq_plain(question)), 'A') ||
    setweight(to_tsvector('faq', faq_plain(keywords)), 'B') ||
    setweight(to_tsvector('faq', faq_plain(answer)), 'C')) stored,
  constraint faq_entries_code unique (scope, code),
  constraint faq_entries_standing check (standing in ('typical', 'confirmed', 'withdrawn')),
  constraint faq_entries_municipality check (municipality_id > 0)
);
create index faq_entries_search on faq_entries using gin (scope, search) where standing <> 'withdrawn';

-- What an entry said before it was changed.
create table faq_versions (
  entry_id bigint not null references faq_entries (id) on delete cascade,
  version integer not null,
  municipality_id bigint,
  topic text not null,
  question text not null,
  answer text not null,
  keywords text not null,
  source text not null,
  review_on date,
  standing text not null,
  replaced_at timestamptz not null,
  primary key (entry_id, version)
);

-- What people pressed under an entry. A table of its own: counting does not rewrite the entry and its index.
create table faq_feedback (
  municipality_id bigint not null,
  entry_id bigint not null references faq_entries (id) on delete cascade,
  shown integer not null default 0,
  helped integer not null default 0,
  not_it integer not null default 0,
  primary key (municipality_id, entry_id)
);

-- Every stem of a scope's entries, with the number of entries that have it. Kept by a trigger. Scope 0 is the common starter.
create table faq_vocabulary (
  scope bigint not null,
  lexeme text collate "C" not null,
  root text collate "C" not null generated always as (faq_root(lexeme)) stored,
  slips bigint[] not null generated always as (faq_slips(scope, lexeme)) stored,
  entries integer not null,
  primary key (scope, lexeme)
);
create index faq_vocabulary_root on faq_vocabulary (scope, root);
create index faq_vocabulary_beginning on faq_vocabulary (scope, (left(lexeme, 4)));
create index faq_vocabulary_slips on faq_vocabulary using gin (slips);

-- The number of searchable entries of a scope. Kept by the same trigger.
create table faq_scopes (
  scope bigint primary key,
  entries integer not null
);

-- Abbreviations and synonyms: the rows of one `meaning` stand for each other. `strength`: 1 the same thing, less for words that only often are.
create table faq_synonyms (
  id bigint generated always as identity primary key,
  municipality_id bigint,
  meaning text not null,
  term text not null,
  strength real not null default 1,
  scope bigint not null generated always as (coalesce(municipality_id, 0)) stored,
  lexemes text[] not null generated always as (faq_lexemes(term)) stored,
  head text not null generated always as (coalesce((faq_lexemes(term))[1], '')) stored,
  constraint faq_synonyms_term unique (scope, meaning, term),
  constraint faq_synonyms_strength check (strength > 0 and strength <= 1)
);
create index faq_synonyms_head on faq_synonyms (scope, head);

-- Counting by whole statements: an import touches each word once. Rows are locked in the order of the words, so that two imports cannot wait for each other.
create function faq_count_added() returns trigger language plpgsql as $$
begin
  insert into faq_scopes as kept (scope, entries)
    select scope, count(*) from new_entries where standing <> 'withdrawn' group by scope order by scope
    on conflict (scope) do update set entries = kept.entries + excluded.entries;
  insert into faq_vocabulary as kept (scope, lexeme, entries)
    select scope, word.lexeme, count(*) from new_entries, unnest(search) word where standing <> 'withdrawn'
    group by scope, word.lexeme order by scope, word.lexeme
    on conflict (scope, lexeme) do update set entries = kept.entries + excluded.entries;
  return null;
end $$;
create function faq_count_removed() returns trigger language plpgsql as $$
begin
  insert into faq_scopes as kept (scope, entries)
    select scope, -count(*) from old_entries where standing <> 'withdrawn' group by scope order by scope
    on conflict (scope) do update set entries = kept.entries + excluded.entries;
  insert into faq_vocabulary as kept (scope, lexeme, entries)
    select scope, word.lexeme, -count(*) from old_entries, unnest(search) word where standing <> 'withdrawn'
    group by scope, word.lexeme order by scope, word.lexeme
    on conflict (scope, lexeme) do update set entries = kept.entries + excluded.entries;
  return null;
end $$;
create trigger faq_entries_added after insert on faq_entries
  referencing new table as new_entries for each statement execute function faq_count_added();
create trigger faq_entries_changed_from after update on faq_entries
  referencing old table as old_entries for each statement execute function faq_count_removed();
create trigger faq_entries_changed_to after update on faq_entries
  referencing new table as new_entries for each statement execute function faq_count_added();
create trigger faq_entries_removed after delete on faq_entries
  referencing old table as old_entries for each statement execute function faq_count_removed();

-- A synonym's words are known words too: a slip in one is repaired although no entry has it.
create function faq_learn_synonym() returns trigger language plpgsql as $$
begin
  insert into faq_vocabulary (scope, lexeme, entries)
    select distinct scope, lexeme, 0 from new_synonyms, unnest(lexemes) lexeme order by scope, lexeme
    on conflict do nothing;
  return null;
end $$;
create trigger faq_synonyms_added after insert on faq_synonyms
  referencing new table as new_synonyms for each statement execute function faq_learn_synonym();

-- Known words near to `stem`: relatives by their beginning, and, if the word is not known itself, those that one slip may have made of it.
-- `typed`: the whole word; where the slip is in its ending, the stem still carries it. Who is near enough is decided by the letters, in the program.
create function faq_near_words(stem text, typed text, scopes bigint[]) returns setof text language plpgsql stable as $$
begin
  if length(stem) > 2 then -- the vowel that comes and goes: «кошк», «кошек»
    return query select v.lexeme from faq_vocabulary v where v.scope = any (scopes) and v.lexeme = any (array[
      regexp_replace(stem, '[ое](.)$', '\1'), left(stem, -1) || 'е' || right(stem, 1), left(stem, -1) || 'о' || right(stem, 1)]);
  end if;
  if length(stem) > 3 then
    return query select v.lexeme from faq_vocabulary v where v.scope = any (scopes) and left(v.lexeme, 4) = left(stem, 4)
      and left(v.lexeme, least(length(v.lexeme), length(stem)) - 3) = left(stem, least(length(v.lexeme), length(stem)) - 3) limit 120;
    return query select v.lexeme from faq_vocabulary v where v.scope = any (scopes) and v.root = faq_root(stem)
      and left(v.lexeme, 4) <> left(stem, 4) limit 80;
  end if;
  if length(stem) > 2 and not exists (select from faq_vocabulary v where v.scope = any (scopes) and v.lexeme = stem) then
    return query select v.lexeme from faq_vocabulary v where v.slips && array(
      select unnest(faq_slips(here, word)) from unnest(scopes) here,
        (select stem as word union select left(typed, length(typed) - ending) from generate_series(0, 3) ending where length(typed) - ending > 2) words)
      limit 60;
  end if;
end $$;
