/**
 * Which buttons wait for the bot's answer. `send(messageId, data)` gives `{ queryId }` or null, `changed()` is told when a
 * button begins or ends to wait, `show(answer)` shows what the bot said.
 */
export function createPresses({ send, changed, show }) {
  const pressed = new Map()
  const messages = new Map()
  // The answer may come by the events before the page knows the query's number.
  const early = new Map()

  async function press(messageId, data) {
    if (pressed.get(messageId) === data) return
    pressed.set(messageId, data)
    changed()
    const query = await send(messageId, data)
    if (!query) return release(messageId)
    messages.set(query.queryId, messageId)
    if (early.has(query.queryId)) answered(query.queryId, early.get(query.queryId))
  }

  /** `answer` is null when the bot was too late. */
  function answered(queryId, answer) {
    if (!messages.has(queryId)) {
      early.set(queryId, answer)
      return
    }
    const messageId = messages.get(queryId)
    messages.delete(queryId)
    early.delete(queryId)
    release(messageId)
    if (answer) show(answer)
  }

  function release(messageId) {
    pressed.delete(messageId)
    changed()
  }

  return { pressed, press, answered }
}
