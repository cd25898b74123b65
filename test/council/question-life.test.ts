import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QUESTION_STATES, type QuestionState } from '../../src/council/question.ts'
import { decideQuestion, type QuestionCommand } from '../../src/council/question-life.ts'

const [ANNA, BORIS] = [7, 8]
const aQuestion = (state: QuestionState, takerId: number | null = null) => ({ state, takerId, topic: 'quality' })
const outcome = (state: QuestionState, command: QuestionCommand, takerId: number | null = null, by: number = ANNA) => {
  const decision = decideQuestion(aQuestion(state, takerId), command, by)
  return decision.ok ? decision.value.toState : decision.refusal.code
}

describe('a question moves', () => {
  it.each`
    from            | does          | taker    | to              | because
    ${'draft'}      | ${'send'}     | ${null}  | ${'asked'}      | ${'it waits for an expert'}
    ${'asked'}      | ${'send'}     | ${null}  | ${'already'}    | ${'the button was pressed twice'}
    ${'asked'}      | ${'take'}     | ${null}  | ${'taken'}      | ${'one takes it'}
    ${'taken'}      | ${'take'}     | ${BORIS} | ${'taken'}      | ${'somebody else has it: refused with their id'}
    ${'closed'}     | ${'take'}     | ${null}  | ${'closed'}     | ${'nothing is left to be done'}
    ${'draft'}      | ${'take'}     | ${null}  | ${'not-sent'}   | ${'nobody has asked yet'}
    ${'taken'}      | ${'release'}  | ${ANNA}  | ${'asked'}      | ${'it is free again'}
    ${'asked'}      | ${'answer'}   | ${null}  | ${'answered'}   | ${'whoever answers has taken it'}
    ${'answered'}   | ${'answer'}   | ${ANNA}  | ${'answered'}   | ${'an answer may be added to'}
    ${'closed'}     | ${'answer'}   | ${ANNA}  | ${'closed'}     | ${'it must be opened first'}
    ${'taken'}      | ${'ask-back'} | ${ANNA}  | ${'asked-back'} | ${'it waits for the asker'}
    ${'taken'}      | ${'ask-back'} | ${BORIS} | ${'taken'}      | ${'only who has it asks back'}
    ${'asked-back'} | ${'add'}      | ${ANNA}  | ${'taken'}      | ${'the asker has explained'}
    ${'asked'}      | ${'add'}      | ${null}  | ${'asked'}      | ${'more words to a question that waits'}
    ${'answered'}   | ${'add'}      | ${ANNA}  | ${'taken'}      | ${'the answer was not enough'}
    ${'closed'}     | ${'add'}      | ${ANNA}  | ${'taken'}      | ${'a reply opens it again'}
    ${'closed'}     | ${'reopen'}   | ${null}  | ${'asked'}      | ${'nobody had it'}
    ${'asked'}      | ${'reopen'}   | ${null}  | ${'already'}    | ${'it is open'}
    ${'answered'}   | ${'close'}    | ${ANNA}  | ${'closed'}     | ${'it helped'}
    ${'closed'}     | ${'close'}    | ${ANNA}  | ${'already'}    | ${'the button was pressed twice'}
  `('$from, $does: $to, because $because', ({ from, does, taker, to }) => {
    expect(outcome(from, { do: does } as QuestionCommand, taker)).toBe(to)
  })

  it('is settled by the FAQ only before it is sent', () => {
    expect(outcome('draft', { do: 'settle', entryId: 3 })).toBe('closed')
    expect(outcome('asked', { do: 'settle', entryId: 3 })).toBe('already')
  })

  it.each`
    command                           | from            | waitsAnew
    ${{ do: 'send' }}                 | ${'draft'}      | ${true}
    ${{ do: 'add' }}                  | ${'asked-back'} | ${true}
    ${{ do: 'reopen' }}               | ${'closed'}     | ${true}
    ${{ do: 'add' }}                  | ${'asked'}      | ${false}
    ${{ do: 'hand-over', to: BORIS }} | ${'taken'}      | ${false}
    ${{ do: 'release' }}              | ${'taken'}      | ${false}
  `('$from, $command.do: the hours are counted anew: $waitsAnew', ({ command, from, waitsAnew }) => {
    const decision = decideQuestion(aQuestion(from, from === 'taken' ? ANNA : null), command, ANNA)
    expect(decision.ok && decision.value.waitsAnew).toBe(waitsAnew)
  })

  const commands = fc.oneof(
    fc.constantFrom<QuestionCommand>(
      { do: 'send' },
      { do: 'take' },
      { do: 'release' },
      { do: 'answer' },
      { do: 'ask-back' },
      { do: 'add' },
      { do: 'close' },
      { do: 'reopen' },
    ),
    fc.constantFrom(ANNA, BORIS).map((to): QuestionCommand => ({ do: 'hand-over', to })),
  )

  it('never leaves a question taken by nobody, nor free in the hands of somebody', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(commands, fc.constantFrom(ANNA, BORIS)), { maxLength: 30 }), (steps) => {
        let question = aQuestion('draft')
        for (const [command, by] of steps) {
          const decision = decideQuestion(question, command, by)
          if (!decision.ok) continue
          const { toState, patch } = decision.value
          question = {
            ...question,
            ...patch,
            state: toState,
            takerId: patch.takerId === undefined ? question.takerId : patch.takerId,
          }
          expect(QUESTION_STATES).toContain(question.state)
          if (question.state === 'taken' || question.state === 'asked-back' || question.state === 'answered')
            expect(question.takerId).not.toBeNull()
          if (question.state === 'asked') expect(question.takerId).toBeNull()
        }
      }),
    )
  })
})
