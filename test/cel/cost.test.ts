import { expect, test } from 'vitest'
import { estimateCost } from '../../src/cel/cost.ts'
import { kubernetesEnvironment } from '../../src/cel/environment.ts'
import { compileExpression } from '../../src/cel/expression.ts'

/** What an expression without variables is estimated to cost, from and to, and what it does cost. */
const costs: Readonly<Record<string, readonly [min: number, max: number, runs: number]>> = {
  '1 + 2 < 4': [2, 2, 2],
  '[1, 2, 3].all(x, x > 0)': [20, 26, 26],
  '[1, 2, 3].exists(x, x == 1)': [23, 29, 20],
  '[1, 2, 3].map(x, x + 1).size() == 3': [65, 65, 65],
  '[1, 2].filter(x, x > 1)': [27, 51, 39],
  '"abcdefghijklmno".startsWith("abc")': [1, 1, 2],
  '"0123456789".matches("[0-9]+")': [4, 4, 4],
  '("0123456789" + "0123456789").size() == 20': [4, 4, 4],
  'quantity("1Gi").isLessThan(quantity("2Gi"))': [3, 3, 3],
  'sets.contains([1, 2, 3, 4], [2, 3])': [29, 29, 29],
  '{"a": 1, "b": 2}.transformMap(k, v, v + 1)': [71, 71, 71],
  'false && [1, 2, 3].all(x, x > 0)': [0, 26, 0],
}

test.each(Object.entries(costs))('%s', (source, [min, max, runs]) => {
  const environment = kubernetesEnvironment(37)
  const { expr, checked, program } = compileExpression(source, { environment, variables: new Map() })
  expect(estimateCost(expr!, checked!, () => undefined)).toEqual({ min, max })
  expect(program!.run([]).cost).toBe(runs)
})

test('sizes that a schema gives bound what a walk may cost', () => {
  const setting = { environment: kubernetesEnvironment(37), variables: new Map() }
  const { expr, checked } = compileExpression('["a"].all(x, x.contains("b"))', setting)
  expect(estimateCost(expr!, checked!, () => 1000).max).toBe(115)
})
