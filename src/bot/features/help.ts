import { holds } from '../../access/rights.ts'
import { mainMenu } from '../screens/menu.ts'
import type { Feature, Turn } from '../turn.ts'

/** «Помощь»: what the bot can do for the roles of the person. */
export const help: Feature = {
  menu: [
    { key: 'menu.help', command: 'help', shown: () => true, run: (turn) => turn.send(mainMenu(turn, helpFor(turn))) },
  ],
}

function helpFor(turn: Turn): string {
  const { say, actor } = turn
  return [
    holds(actor, ['coordinator']) && say('menu.helpCoordinator'),
    holds(actor, ['curator']) && say('menu.helpCurator'),
    holds(actor, ['head', 'deputy']) && say('menu.helpHead'),
    holds(actor, ['council']) && say('menu.helpCouncil'),
  ]
    .filter((part) => part !== false)
    .join('\n\n')
}
