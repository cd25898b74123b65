export * from './delivery.ts'
export * from './people.ts'
export * from './roadmaps.ts'
export * from './tasks.ts'
