import { type Args, textArg } from '../args.ts'
import type { Core } from '../core.ts'
import * as bot from './bot.ts'
import * as chats from './chats.ts'
import * as editing from './editing.ts'
import * as sending from './sending.ts'

/** Carries out one call and gives its result, or throws ApiRefusal. */
export type Method = (core: Core, args: Args) => unknown

/** The methods of the Bot API that the sandbox knows, but for getUpdates, which waits. Names are in lower case. */
const methods: Record<string, Method> = {
  getMe: (core) => bot.getMe(core),
  setWebhook: bot.setWebhook,
  deleteWebhook: bot.deleteWebhook,
  getWebhookInfo: (core) => bot.getWebhookInfo(core),
  sendMessage: sending.sendMessage,
  sendPhoto: (core, args) => sending.sendFile(core, 'photo', args),
  sendDocument: (core, args) => sending.sendFile(core, 'document', args),
  sendVideo: (core, args) => sending.sendFile(core, 'video', args),
  sendVoice: (core, args) => sending.sendFile(core, 'voice', args),
  sendMediaGroup: sending.sendMediaGroup,
  copyMessage: sending.copyMessage,
  copyMessages: (core, args) => sending.forEachMessage(args, (one) => sending.copyMessage(core, one)),
  forwardMessage: sending.forwardMessage,
  forwardMessages: async (core, args) => {
    const forwarded = await sending.forEachMessage(args, (one) => sending.forwardMessage(core, one))
    return forwarded.map(({ message_id }) => ({ message_id }))
  },
  editMessageText: editing.editMessageText,
  editMessageCaption: editing.editMessageCaption,
  editMessageReplyMarkup: editing.editMessageReplyMarkup,
  editMessageMedia: editing.editMessageMedia,
  deleteMessage: editing.deleteMessage,
  deleteMessages: async (core, args) => {
    await sending.forEachMessage(args, (one) => editing.deleteMessage(core, one))
    return true
  },
  pinChatMessage: chats.pinChatMessage,
  unpinChatMessage: chats.unpinChatMessage,
  unpinAllChatMessages: chats.unpinAllChatMessages,
  sendChatAction: chats.sendChatAction,
  setMessageReaction: chats.setMessageReaction,
  getChat: chats.getChat,
  getChatMember: chats.getChatMember,
  getChatAdministrators: chats.getChatAdministrators,
  getChatMemberCount: chats.getChatMemberCount,
  createForumTopic: chats.createForumTopic,
  editForumTopic: chats.editForumTopic,
  closeForumTopic: chats.closeForumTopic,
  reopenForumTopic: chats.reopenForumTopic,
  deleteForumTopic: chats.deleteForumTopic,
  answerCallbackQuery: bot.answerCallbackQuery,
  getFile: bot.getFile,
  setMyCommands: bot.setMyCommands,
  getMyCommands: bot.getMyCommands,
  deleteMyCommands: bot.deleteMyCommands,
  setChatMenuButton: bot.setChatMenuButton,
  getChatMenuButton: bot.getChatMenuButton,
  setMyDescription: (core, args) => bot.setDescription(core, 'description', textArg(args, 'description') ?? ''),
  getMyDescription: (core) => ({ description: core.world.settings.description }),
  setMyShortDescription: (core, args) =>
    bot.setDescription(core, 'shortDescription', textArg(args, 'short_description') ?? ''),
  getMyName: (core) => ({ name: core.world.bot.first_name }),
  getMyShortDescription: (core) => ({ short_description: core.world.settings.shortDescription }),
}

const byLowerName = new Map(Object.entries(methods).map(([name, method]) => [name.toLowerCase(), method]))

/** The method of that name, in any case of letters; undefined for one that the sandbox does not know. */
export function methodOf(name: string): Method | undefined {
  return byLowerName.get(name.toLowerCase())
}
