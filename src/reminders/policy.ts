/** When a task is reminded of, in days around its due date. */
export type ReminderPolicy = {
  before: number[]
  after: number[]
  thenEveryDays: number
  until: number
  curatorAfter: number
  coordinatorAfter: number
}
