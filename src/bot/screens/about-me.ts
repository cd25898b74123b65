import { type Actor, holds, organizationsOf } from '../../access/rights.ts'
import type { Absence } from '../../db/absences.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import {
  askAbsence,
  askDeputy,
  askDismissDeputy,
  askForgetMe,
  chooseStandIn,
  dismissDeputy,
  endAbsence,
  forgetMe,
  openAboutMe,
  openAbsences,
  openDeputies,
  openMunicipalities,
  openMyData,
  revokeDeputyInvite,
  sendMyData,
  showConsent,
  switchMunicipality,
} from '../buttons-people.ts'
import { type Say, shortened } from '../words.ts'
import { rows } from './pages.ts'

/** Roles that are reminded of something, so that somebody must stand in for them. */
export const REMINDED = ['head', 'deputy', 'curator', 'coordinator'] as const

/** «Обо мне»: what concerns the person alone. */
export function aboutMe(
  say: Say,
  given: {
    actor: Actor
    name: string
    roles: { role: string; organizations: string }[]
    municipality: string
    several: boolean
  },
): Screen {
  const { actor } = given
  const lines = given.roles.map((role) => say('me.home.role', role))
  return {
    text: [say('me.home.title', { name: given.name, municipality: given.municipality }), ...lines].join('\n'),
    buttons: rows(
      organizationsOf(actor, ['head']).length > 0
        ? [{ label: say.plain('me.home.deputy'), action: openDeputies() }]
        : [],
      holds(actor, REMINDED) ? [{ label: say.plain('me.home.absence'), action: openAbsences() }] : [],
      [{ label: say.plain('me.home.data'), action: openMyData() }],
      given.several ? [{ label: say.plain('me.home.switch'), action: openMunicipalities() }] : [],
    ),
  }
}

/** A school of a head with its deputies and those invited to be. */
export type DeputiesOf = {
  organizationId: number
  name: string
  deputies: { personId: number; fullName: string }[]
  invited: { inviteId: number; name: string }[]
}

/** «Мой заместитель», a school after the other. */
export function deputiesScreen(say: Say, schools: DeputiesOf[], most: number): Screen {
  const several = schools.length > 1
  const parts = schools.map((school) =>
    [
      ...(several ? [say('me.deputy.school', { name: school.name })] : []),
      ...school.deputies.map((one) => say('me.deputy.line', { name: one.fullName })),
      ...school.invited.map((one) => say('me.deputy.invitedLine', { name: one.name })),
      ...(school.deputies.length + school.invited.length === 0 ? [say('me.deputy.nobody')] : []),
    ].join('\n'),
  )
  return {
    text: [say('me.deputy.title'), ...parts].join('\n\n'),
    buttons: rows(...schools.flatMap((school) => deputyButtons(say, school, several, most)), [
      { label: say.plain('common.back'), action: openAboutMe() },
    ]),
  }
}

function deputyButtons(say: Say, school: DeputiesOf, several: boolean, most: number): Button[][] {
  const place = several ? ` · ${shortened(school.name, 25)}` : ''
  const full = school.deputies.length + school.invited.length >= most
  return [
    ...school.deputies.map((one) => [
      {
        label: say.plain('me.deputy.dismiss', { name: shortened(one.fullName, 30) }),
        action: askDismissDeputy(one.personId, school.organizationId),
      },
    ]),
    ...school.invited.map((one) => [
      {
        label: say.plain('me.deputy.revoke', { name: shortened(one.name, 30) }),
        action: revokeDeputyInvite(one.inviteId),
      },
    ]),
    full
      ? []
      : [{ label: `${say.plain('me.deputy.invite')}${place}`, action: askDeputy(school.organizationId), tone: 'main' }],
  ]
}

/** Whether a deputy is really to be one no more. */
export function dismissScreen(
  say: Say,
  given: { personId: number; organizationId: number; name: string; school: string },
): Screen {
  return {
    text: say('me.deputy.dismissAsk', given),
    buttons: [
      [
        {
          label: say.plain('me.deputy.dismissSure'),
          action: dismissDeputy(given.personId, given.organizationId),
          tone: 'bad',
        },
      ],
      [{ label: say.plain('common.back'), action: openDeputies() }],
    ],
  }
}

/** «Отпуск»: the days a person is away, and who stands in. */
export function absencesScreen(say: Say, absences: Absence[]): Screen {
  const lines = absences.map((one) =>
    say(one.deputyName ? 'me.absence.line' : 'me.absence.lineAlone', {
      span: say.span(one.fromDay, one.untilDay),
      name: one.deputyName ?? '',
    }),
  )
  return {
    text: [say('me.absence.title'), ...(lines.length > 0 ? lines : [say('me.absence.none')])].join('\n\n'),
    buttons: rows(
      ...absences.map((one) => [
        {
          label: say.plain('me.absence.end', { span: say.span(one.fromDay, one.untilDay) }),
          action: endAbsence(one.id),
        },
      ]),
      [{ label: say.plain('me.absence.add'), action: askAbsence(), tone: 'main' }],
      [{ label: say.plain('common.back'), action: openAboutMe() }],
    ),
  }
}

/** Who stands in for the days just named. */
export function standInScreen(
  say: Say,
  given: { span: string; candidates: { personId: number; fullName: string }[] },
): Screen {
  return {
    text: say(given.candidates.length > 0 ? 'me.absence.askWho' : 'me.absence.nobodyThere', { span: given.span }),
    buttons: [
      ...given.candidates
        .slice(0, 12)
        .map((one) => [{ label: shortened(one.fullName, 45), action: chooseStandIn(one.personId) }]),
      [{ label: say.plain('me.absence.nobody'), action: chooseStandIn(0) }],
      [{ label: say.plain('common.cancel'), action: openAbsences() }],
    ],
  }
}

/** «Мои данные»: what is kept of the person, in words. */
export function myDataScreen(
  say: Say,
  given: {
    name: string
    phone: string | null
    consent: { day: string; version: string } | null
    counts: { reports: number; files: number }
  },
): Screen {
  return {
    text: [
      say('me.data.title'),
      '',
      say('me.data.name', { name: given.name }),
      given.phone ? say('me.data.phone', { phone: given.phone }) : say('me.data.noPhone'),
      say('me.data.account'),
      say('me.data.work', given.counts),
      given.consent ? say('me.data.consent', given.consent) : say('me.data.noConsent'),
      '',
      say('me.data.terms'),
    ].join('\n'),
    buttons: [
      [
        { label: say.plain('me.data.export'), action: sendMyData() },
        { label: say.plain('me.data.showConsent'), action: showConsent() },
      ],
      [{ label: say.plain('me.data.forget'), action: askForgetMe(), tone: 'bad' }],
      [{ label: say.plain('common.back'), action: openAboutMe() }],
    ],
  }
}

/** Whether the person is really to be forgotten, and what that means. */
export function forgetScreen(say: Say): Screen {
  return {
    text: say('me.forget.ask'),
    buttons: [
      [{ label: say.plain('me.forget.sure'), action: forgetMe(), tone: 'bad' }],
      [{ label: say.plain('me.forget.stay'), action: openMyData() }],
    ],
  }
}

/** The municipalities of the person; the present one is marked. */
export function municipalitiesScreen(
  say: Say,
  given: { places: { id: number; name: string }[]; present: number },
): Screen {
  return {
    text: say('me.switch.ask'),
    buttons: [
      ...given.places.map((place) => [
        {
          label: `${place.id === given.present ? '✅ ' : ''}${shortened(place.name, 50)}`,
          action: switchMunicipality(place.id),
        },
      ]),
      [{ label: say.plain('common.back'), action: openAboutMe() }],
    ],
  }
}
