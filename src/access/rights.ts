/** What a person is in an organization of the municipality they act in. */
export type Role = 'coordinator' | 'curator' | 'head' | 'deputy' | 'council'
export const ROLES = ['coordinator', 'curator', 'head', 'deputy', 'council'] as const satisfies readonly Role[]

/** Who acts: a person within one municipality, with the roles they hold there now. */
export type Actor = {
  personId: number
  municipalityId: number
  memberships: { role: Role; organizationId: number }[]
}

/** The object of an action, as the database knows it: never as a button says. */
export type Subject = { municipalityId: number; organizationId?: number; assigneeId?: number | null }

export type Action =
  | 'see-task'
  | 'report-task'
  | 'review-report'
  | 'answer-postponement'
  | 'assign-task'
  | 'see-school'
  | 'note-school'
  | 'see-evidence'
  | 'invite-deputy'
  | 'see-municipality'
  | 'manage-roadmaps'
  | 'manage-people'
  | 'change-settings'
  | 'announce'
  | 'ask-question'
  | 'speak-for-question'
  | 'close-question'
  | 'answer-questions'
  | 'manage-faq'

type Rule = (actor: Actor, subject: Subject) => boolean

const coordinator: Rule = (actor) => holds(actor, ['coordinator'])
const curatorOf: Rule = (actor, subject) => holds(actor, ['curator'], subject.organizationId)
const ofTheOrganization: Rule = (actor, subject) =>
  holds(actor, ['head', 'deputy', 'coordinator'], subject.organizationId)
const assignee: Rule = (actor, subject) => subject.assigneeId === actor.personId
const any =
  (...rules: Rule[]): Rule =>
  (actor, subject) =>
    rules.some((rule) => rule(actor, subject))

/** Who may do what: the whole policy of the product, one line an action (design.md, «People»). */
const RULES: Record<Action, Rule> = {
  'see-task': any(coordinator, curatorOf, ofTheOrganization, assignee),
  'report-task': any(ofTheOrganization, assignee),
  'review-report': any(coordinator, curatorOf),
  'answer-postponement': any(coordinator, curatorOf),
  'assign-task': any(coordinator, curatorOf),
  'see-school': any(coordinator, curatorOf),
  'note-school': any(coordinator, curatorOf),
  'see-evidence': any(coordinator, curatorOf, ofTheOrganization, assignee),
  'invite-deputy': (actor, subject) => holds(actor, ['head', 'coordinator'], subject.organizationId),
  'see-municipality': coordinator,
  'manage-roadmaps': coordinator,
  'manage-people': coordinator,
  'change-settings': coordinator,
  announce: coordinator,
  'ask-question': (actor) => actor.memberships.length > 0,
  'speak-for-question': assignee,
  'close-question': any(coordinator, assignee),
  'answer-questions': (actor) => holds(actor, ['council', 'coordinator']),
  'manage-faq': coordinator,
}

/** Whether `actor` may do `action` to `subject`. False for an object of another municipality, always. */
export function may(actor: Actor, action: Action, subject: Subject): boolean {
  return actor.municipalityId === subject.municipalityId && RULES[action](actor, subject)
}

/** Whether `actor` has one of `roles`: in `organizationId` where given, else anywhere in the municipality. */
export function holds(actor: Actor, roles: readonly Role[], organizationId?: number): boolean {
  return actor.memberships.some(
    (membership) =>
      roles.includes(membership.role) && (organizationId === undefined || membership.organizationId === organizationId),
  )
}

/** The organizations in which `actor` has one of `roles`, each once. */
export function organizationsOf(actor: Actor, roles: readonly Role[]): number[] {
  const found = actor.memberships.filter((membership) => roles.includes(membership.role))
  return [...new Set(found.map((membership) => membership.organizationId))]
}
