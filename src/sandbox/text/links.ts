/** What is wrong with a link, in Telegram's words. */
export type LinkCheck = { ok: true; url: string } | { ok: false; problem: string }

const OWN_SCHEMES = /^(?:tg|ton|tonsite):/i
const ANY_SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i

/** The link as Telegram keeps it: with a scheme, lower-case host and a path; or why it is no link. */
export function checkLink(raw: string): LinkCheck {
  const link = raw.trim()
  if (link === '') return { ok: false, problem: 'URL is empty' }
  if (OWN_SCHEMES.test(link)) return { ok: true, url: link }
  const scheme = ANY_SCHEME.exec(link)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return { ok: false, problem: 'Unsupported URL protocol' }
  }
  return checkWebAddress(scheme === undefined ? `http://${link}` : link)
}

function checkWebAddress(address: string): LinkCheck {
  const wrong: LinkCheck = { ok: false, problem: 'Wrong HTTP URL' }
  if (/\s/.test(address) || !URL.canParse(address)) return wrong
  const url = new URL(address)
  const isHost = url.hostname.includes('.') || url.hostname.startsWith('[')
  return isHost ? { ok: true, url: url.href } : wrong
}

/** The person of a `tg://user?id=…` link, or null for any other link. */
export function mentionedUserId(link: string): number | null {
  const id = /^tg:\/\/user\?id=(\d{1,15})$/i.exec(link.trim())?.[1]
  return id === undefined ? null : Number(id)
}
