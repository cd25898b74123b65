const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18) || major >= 26) {
  process.stderr.write(
    `Sovet runs on Node.js 22.18 to 25; this is ${process.versions.node}. «npm start» takes the right one by itself.\n`,
  )
  process.exit(2)
}

// Loaded only now: an older Node would stumble over it before it could say the line above.
const { run } = await import('./run.ts')
await run(async () => (await import('./product.ts')).product)

export {}
