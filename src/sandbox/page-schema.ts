import { z } from 'zod'

const chat = { person: z.int(), chat: z.int() }
const place = { replyTo: z.int().optional(), topic: z.int().optional() }
const messageId = z.int().positive()

/** What the page asks the sandbox to do for a person in a chat. */
export const PageAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('send'), ...chat, ...place, text: z.string().min(1).max(20_000) }),
  z.object({ do: z.literal('tap'), ...chat, messageId, data: z.string().max(64) }),
  z.object({ do: z.literal('press'), ...chat, text: z.string() }),
  z.object({ do: z.literal('contact'), ...chat }),
  z.object({ do: z.literal('edit'), ...chat, messageId, text: z.string().min(1).max(20_000) }),
  z.object({ do: z.literal('forward'), ...chat, messageId, to: z.int() }),
  z.object({ do: z.literal('react'), ...chat, messageId, emoji: z.string().max(16).nullable() }),
  z.object({ do: z.literal('open'), ...chat, link: z.string().max(500) }),
  z.object({
    do: z.literal('sample'),
    ...chat,
    ...place,
    name: z.string(),
    caption: z.string().max(20_000).optional(),
  }),
  z.object({ do: z.literal('start'), ...chat }),
  z.object({ do: z.literal('block'), ...chat }),
  z.object({ do: z.literal('unblock'), ...chat }),
  z.object({ do: z.literal('read'), ...chat, messageId }),
])
export type PageAction = z.infer<typeof PageAction>

/** How far the page moves the clock: a step, or a local date and time of the page's zone. */
export const ClockMove = z.union([
  z.object({ step: z.enum(['hour', 'day', 'monday']) }),
  z.object({ to: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/) }),
])
export type ClockMove = z.infer<typeof ClockMove>

/** A newcomer whom the page adds. */
export const NewPerson = z.object({
  firstName: z.string().trim().min(1).max(64),
  lastName: z.string().trim().max(64).optional(),
  role: z.string().trim().max(80).optional(),
  phone: z
    .string()
    .trim()
    .regex(/^\+?\d{5,15}$/)
    .optional(),
})
export type NewPerson = z.infer<typeof NewPerson>

/** The fields that come with files from the page; numbers come as text. */
export const FileFields = z.object({
  person: z.coerce.number().int(),
  chat: z.coerce.number().int(),
  kind: z.enum(['auto', 'document', 'voice']),
  caption: z.string().max(20_000).optional(),
  replyTo: z.coerce.number().int().optional(),
  topic: z.coerce.number().int().optional(),
  duration: z.coerce.number().int().min(0).optional(),
})
export type FileFields = z.infer<typeof FileFields>
