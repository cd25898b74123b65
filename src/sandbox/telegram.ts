/** The objects of the Bot API that the sandbox speaks, with the field names of core.telegram.org/bots/api. */

export type User = {
  id: number
  is_bot: boolean
  first_name: string
  last_name?: string
  username?: string
  language_code?: string
}

export type Chat = {
  id: number
  type: 'private' | 'group' | 'supergroup'
  title?: string
  username?: string
  first_name?: string
  last_name?: string
  is_forum?: true
}

export type EntityType =
  | 'mention'
  | 'hashtag'
  | 'bot_command'
  | 'url'
  | 'email'
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strikethrough'
  | 'spoiler'
  | 'blockquote'
  | 'expandable_blockquote'
  | 'code'
  | 'pre'
  | 'text_link'
  | 'text_mention'
  | 'custom_emoji'

/** A styled or clickable stretch of a text; `offset` and `length` count UTF-16 code units. */
export type Entity = {
  type: EntityType
  offset: number
  length: number
  url?: string
  language?: string
  user?: User
  custom_emoji_id?: string
}

export type ButtonStyle = 'primary' | 'success' | 'danger'

export type InlineButton = {
  text: string
  callback_data?: string
  url?: string
  web_app?: { url: string }
  copy_text?: { text: string }
  style?: ButtonStyle
}

export type InlineKeyboard = { inline_keyboard: InlineButton[][] }

export type ReplyButton = { text: string; request_contact?: true; style?: ButtonStyle }

export type ReplyKeyboard = {
  keyboard: ReplyButton[][]
  resize_keyboard?: boolean
  one_time_keyboard?: boolean
  is_persistent?: boolean
  input_field_placeholder?: string
}

export type PhotoSize = { file_id: string; file_unique_id: string; width: number; height: number; file_size: number }
export type Document = {
  file_id: string
  file_unique_id: string
  file_name?: string
  mime_type?: string
  file_size: number
}
export type Voice = {
  file_id: string
  file_unique_id: string
  duration: number
  mime_type?: string
  file_size: number
}
export type Video = Voice & { width: number; height: number; file_name?: string }
export type Contact = { phone_number: string; first_name: string; last_name?: string; user_id?: number }

export type ForwardOrigin = { type: 'user'; date: number; sender_user: User }

/** A message as the bot receives it; `date` and `edit_date` are Unix seconds of the sandbox's clock. */
export type Message = {
  message_id: number
  date: number
  chat: Chat
  from: User
  message_thread_id?: number
  is_topic_message?: true
  edit_date?: number
  media_group_id?: string
  forward_origin?: ForwardOrigin
  reply_to_message?: Message
  text?: string
  entities?: Entity[]
  caption?: string
  caption_entities?: Entity[]
  photo?: PhotoSize[]
  document?: Document
  voice?: Voice
  video?: Video
  contact?: Contact
  pinned_message?: Message
  forum_topic_created?: { name: string; icon_color: number }
  forum_topic_edited?: { name?: string }
  forum_topic_closed?: Record<string, never>
  forum_topic_reopened?: Record<string, never>
  migrate_to_chat_id?: number
  migrate_from_chat_id?: number
  link_preview_options?: Record<string, unknown>
  reply_markup?: InlineKeyboard
  has_media_spoiler?: true
  show_caption_above_media?: true
  has_protected_content?: true
}

/** The parts of a message that its sender chose; the rest (number, date, chat, author) the sandbox adds. */
export type Content = Omit<Message, 'message_id' | 'date' | 'chat' | 'from'>

export type CallbackQuery = { id: string; from: User; message: Message; chat_instance: string; data: string }

export type ChatMember = { user: User; status: 'member' | 'kicked' | 'left' | 'administrator' | 'creator' }

export type ChatMemberUpdated = {
  chat: Chat
  from: User
  date: number
  old_chat_member: ChatMember
  new_chat_member: ChatMember
}

export type Reaction = { type: 'emoji'; emoji: string }

export type MessageReactionUpdated = {
  chat: Chat
  message_id: number
  user: User
  date: number
  old_reaction: Reaction[]
  new_reaction: Reaction[]
}

/** What happened, without its number; exactly one of the fields is there. */
export type Happening = {
  message?: Message
  edited_message?: Message
  callback_query?: CallbackQuery
  my_chat_member?: ChatMemberUpdated
  message_reaction?: MessageReactionUpdated
}

export type UpdateKind = keyof Happening

export type Update = Happening & { update_id: number }

/** The chat in which an update happened: the queue that it waits in. */
export function chatOf(happening: Happening): number {
  const { message, edited_message: edited, callback_query: query, my_chat_member: member } = happening
  return (message ?? edited ?? query?.message ?? member ?? happening.message_reaction)?.chat.id ?? 0
}
