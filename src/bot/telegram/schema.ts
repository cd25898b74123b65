import { z } from 'zod'

/** What is used of Telegram's updates, and nothing else. Field names are the Bot API's. */
const User = z.object({
  id: z.number().int(),
  first_name: z.string().default(''),
  last_name: z.string().optional(),
  language_code: z.string().optional(),
})

const Chat = z.object({
  id: z.number().int(),
  type: z.enum(['private', 'group', 'supergroup', 'channel']),
  title: z.string().optional(),
  is_forum: z.boolean().optional(),
})

const Entity = z.object({
  type: z.string(),
  offset: z.number().int(),
  length: z.number().int(),
  url: z.string().optional(),
})

const File = z.object({
  file_id: z.string(),
  file_unique_id: z.string(),
  file_size: z.number().optional(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
})

export const Message = z.object({
  message_id: z.number().int(),
  date: z.number().int(),
  edit_date: z.number().int().optional(),
  from: User.optional(),
  chat: Chat,
  message_thread_id: z.number().int().optional(),
  is_topic_message: z.boolean().optional(),
  reply_to_message: z.object({ message_id: z.number().int() }).optional(),
  forward_origin: z.unknown().optional(),
  forward_date: z.number().optional(),
  media_group_id: z.string().optional(),
  text: z.string().optional(),
  entities: z.array(Entity).optional(),
  caption: z.string().optional(),
  caption_entities: z.array(Entity).optional(),
  photo: z
    .array(File.extend({ width: z.number(), height: z.number() }))
    .nonempty()
    .optional(),
  document: File.optional(),
  video: File.optional(),
  video_note: File.optional(),
  voice: File.optional(),
  audio: File.optional(),
  contact: z.object({ phone_number: z.string(), user_id: z.number().int().optional() }).optional(),
  /** A group became a supergroup: the id of that. */
  migrate_to_chat_id: z.number().int().optional(),
})

const CallbackQuery = z.object({
  id: z.string(),
  from: User,
  message: z
    .object({ message_id: z.number().int(), chat: Chat, message_thread_id: z.number().int().optional() })
    .optional(),
  data: z.string().default(''),
})

const ChatMemberUpdated = z.object({
  chat: Chat,
  from: User,
  date: z.number().int(),
  new_chat_member: z.object({ status: z.string() }),
})

export const Update = z.object({
  update_id: z.number().int(),
  message: Message.optional(),
  edited_message: Message.optional(),
  callback_query: CallbackQuery.optional(),
  my_chat_member: ChatMemberUpdated.optional(),
})

export type Entity = z.infer<typeof Entity>
export type Message = z.infer<typeof Message>
export type File = z.infer<typeof File>
export type Update = z.infer<typeof Update>
