/** The wording of the consent that a person gives; raised when the text changes, kept with the consent. */
export const CONSENT_VERSION = '2026-11'

/** How people ask to be forgotten; the consent's text names the first of them. */
export const FORGET_WORDS = /^[«"]?(забыть?( меня)?|забудь(те)? меня|отзываю согласие)[»".!]*$/iu
