/** `node crash-child.mjs <vault> <scenario> <step> <occurrence>`: kills itself at a named step; prints steps for `-`. */
import { scenarios } from './scenarios.ts'
import { openTestVault } from './test-vault.ts'

const [path = '', scenario = '', wanted = '-', occurrence = '1'] = process.argv.slice(2)
let left = Number(occurrence)
const seen: string[] = []
const { vault } = openTestVault(path, {
  deps: {
    step(name) {
      seen.push(name)
      if (name === wanted && --left === 0) process.kill(process.pid, 'SIGKILL')
    },
  },
})
await scenarios[scenario]?.(vault)
process.stdout.write(JSON.stringify(seen))
