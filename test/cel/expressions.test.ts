import { describe, expect, test } from 'vitest'
import { kubernetesEnvironment } from '../../src/cel/environment.ts'
import { compileExpression } from '../../src/cel/expression.ts'
import { Unknown } from '../../src/cel/fault.ts'
import { STRING } from '../../src/cel/types.ts'
import { evaluate } from './evaluate.ts'

/** Expressions and what they give. */
function holds(title: string, table: Readonly<Record<string, string>>): void {
  describe(title, () => {
    for (const [source, expected] of Object.entries(table))
      test(source, () => expect(evaluate(source)).toBe(expected))
  })
}

holds('operators bind as in C, and integers are exact', {
  '1 + 2 * 3 - 4 / 2': '5',
  '-7 / 2': '-3',
  '-7 % 3': '-1',
  '9223372036854775807 - 1': '9223372036854775806',
  '9223372036854775807 + 1': 'error: integer overflow',
  '-9223372036854775808 / -1': 'error: integer overflow',
  '3037000500 * 3037000500': 'error: integer overflow',
  '1 / 0': 'error: division by zero',
  '1 % 0': 'error: modulus by zero',
  '1.0 / 0.0': 'Infinity',
  '1u - 2u': 'error: unsigned integer overflow',
  '0x10 == 16 && 1.5e3 == 1500.0': 'true',
  '1 < 1.5 && 2u > 1': 'true',
  '!false || 1 / 0 == 0': 'true',
  'self.replicas > 2 ? "many" : "few"': 'many',
})

holds('what decides hides errors of the other side', {
  '1 / 0 == 0 || true': 'true',
  'false && 1 / 0 == 0': 'false',
  '1 / 0 == 0 && false': 'false',
  '1 / 0 == 0 || false': 'error: division by zero',
  '[1, 0].exists(x, 10 / x == 10)': 'true',
  '[0, 1].all(x, 10 / x == 0)': 'false',
  '[0, 1].all(x, 10 / x == 10)': 'error: division by zero',
  '[0].map(x, 10 / x)': 'error: division by zero',
})

holds('macros', {
  'has(self.name) && !has(self.missing)': 'true',
  'self.missing == "x"': 'error: no such key: missing',
  '[1, 2, 3].filter(x, x > 1).map(x, x * x)': '[4, 9]',
  '[1, 2, 3].map(x, x > 1, x + 1)': '[3, 4]',
  'self.tags.exists_one(t, t == "a")': 'true',
  'self.labels.all(k, self.labels[k] == "web")': 'true',
  '["a", "b"].all(i, v, i < 2 && v < "c")': 'true',
  '[1, 2].transformMap(i, v, v * 2)': '{0: 2, 1: 4}',
  '{"a": 1}.transformList(k, v, k)': '[a]',
  '["b", "a"].sortBy(x, x)': '[a, b]',
  '[[1], [2]].map(x, x.map(x, x + 1))': '[[2], [3]]',
})

holds('optionals', {
  'self.?missing.orValue("none")': 'none',
  'self.?name.hasValue()': 'true',
  'self.labels[?"app"].value()': 'web',
  'self.labels[?"x"].optMap(v, v + "!").orValue("?")': '?',
  '[?self.?missing, "x"]': '[x]',
  '{?"a": self.?missing}.size()': '0',
  'optional.none().value()': 'error: optional.none() dereference',
})

holds('texts count code points', {
  'self.name.size()': '4',
  'self.name.charAt(3)': '😀',
  'self.name.substring(1, 2)': 'é',
  '"tacocat".indexOf("c", 3)': '4',
  '"a,b,c".split(",", 2)': '[a, b,c]',
  '"aaa".replace("a", "b", 2)': 'bba',
  '"%s is %d, %.2f".format(["x", 3, 1234.5])': 'x is 3, 1,234.50',
  '"%e %s".format([3.14, ["a", 1.5]])': '3.140000×10⁰⁰ ["a", 1.500000]',
  '"😀" > "\\uffee"': 'true',
  '"a b".matches("^a\\\\sb$")': 'true',
  '"abc 123".find("[0-9]+")': '123',
  '"a1b2".findAll("[0-9]", 1)': '[1]',
  '["x", "y"].join("-")': 'x-y',
})

holds('times', {
  'timestamp("2026-02-28T23:59:59Z") + duration("1s")': '2026-03-01T00:00:00Z',
  'timestamp("2026-01-01T00:00:00Z").getHours("+05:30")': '5',
  'timestamp("2026-01-01T12:00:00Z").getDayOfWeek("America/New_York")': '4',
  'duration("1h30m") > duration("5000s")': 'true',
  'string(timestamp("2026-01-01T01:00:00.5+01:00"))': '2026-01-01T01:00:00.5+01:00',
  'duration("1m1ms").getMilliseconds()': '60001',
  'duration("1.5h").getMinutes()': '90',
  'timestamp("9999-12-31T23:59:59Z") + duration("1s")': 'error: timestamp overflow',
})

holds('libraries of Kubernetes', {
  'quantity("1Gi").compareTo(quantity("1024Mi"))': '0',
  'quantity("0.5").add(quantity("500m")).asInteger()': '1',
  'isQuantity("1GiB")': 'false',
  'ip("::1").isLoopback() && ip("10.0.0.1").family() == 4': 'true',
  'isIP("1.2.3.04") || isIP("fe80::1%en0")': 'false',
  'ip.isCanonical("2001:db8:0::1")': 'false',
  'cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16")': 'true',
  'cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")': 'true',
  'url("https://u@example.com:80/a?b=c&b=d").getHost()': 'example.com:80',
  'url("https://example.com/?b=c&b=d").getQuery()["b"]': '[c, d]',
  'isURL("../a") || isURL("https://a b/")': 'false',
  'semver("1.0.0-rc.1").isLessThan(semver("1.0.0"))': 'true',
  'isSemver("v1.0") || !isSemver("v1.0", true)': 'false',
  'format.dns1123Label().validate("a-b").hasValue()': 'false',
  'format.dns1123Label().validate("A").value().size()': '1',
  'sets.contains([1, 2, 3], [3])': 'true',
  '[3, 1, 2].max() - [3, 1, 2].min()': '2',
  '[duration("1s"), duration("2s")].sum()': '3s',
  '[].sum() == 0 || [1, 3, 2].isSorted()': 'true',
  '[1, 2, 2, 3].distinct().slice(1, 3)': '[2, 3]',
})

describe('a library is there from its minor on', () => {
  const since: Readonly<Record<string, number>> = {
    'quantity("1").sign() > 0': 28,
    'self.?name.hasValue()': 28,
    'sets.contains([1], [1])': 29,
    'isIP("::1")': 30,
    'format.named("uuid").hasValue()': 31,
    '[1].all(i, v, i < v)': 32,
    'isSemver("1.0.0")': 33,
    '[1].distinct().size() == 1': 34,
    '[1].includes(1)': 37,
  }
  for (const [source, minor] of Object.entries(since))
    test(`${source} since 1.${minor}`, () => {
      expect(evaluate(source, minor)).toBe('true')
      expect(evaluate(source, minor - 1)).toMatch(/^ERROR/)
    })
})

describe('messages of what does not compile are those of cel-go', () => {
  const messages: Readonly<Record<string, string>> = {
    'self.zz > 1': "1:5: undefined field 'zz'",
    'self.replicas > "a"': "1:15: found no matching overload for '_>_' applied to '(int, string)'",
    'self.name.max()': "1:14: found no matching overload for 'max' applied to 'string.()'",
    'foo(self)': "1:4: undeclared reference to 'foo' (in container '')",
    'self.replicas >':
      "1:16: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
    'self.': "1:6: Syntax error: no viable alternative at input '.'",
    'self..name': "1:6: Syntax error: no viable alternative at input '..'",
    '1 - *':
      "1:5: Syntax error: mismatched input '*' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
    '-)': "1:2: Syntax error: no viable alternative at input '-)'",
    'size(self.name': "1:15: Syntax error: missing ')' at '<EOF>'",
    'size(size(self.name': "1:20: Syntax error: mismatched input '<EOF>' expecting ')'",
    'has(self.name': "1:14: Syntax error: missing ')' at '<EOF>'",
    '[1,,2]': "1:4: Syntax error: mismatched input ',' expecting ']'",
    'true ? 1 2': "1:10: Syntax error: missing ':' at '2'",
    'self !== 1': "1:8: Syntax error: token recognition error at: '= '",
    "r'a": "1:2: Syntax error: token recognition error at: ''a'",
    '.nothing': "1:2: undeclared reference to '.nothing' (in container '')",
    'self.$x': "1:6: Syntax error: token recognition error at: '$'",
    'has(self)': '1:5: invalid argument to has() macro',
    'self.tags.all(1, true)': '1:15: argument must be a simple name',
    'self.replicas.all(x, true)':
      "1:5: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
    'namespace == ""': '1:1: reserved identifier: namespace',
    'timestamp(-62135596801)': '1:11: invalid timestamp argument',
    'self.name.matches("(")': '1:19: invalid matches argument',
    '[1, dyn(1)]': "1:8: expected type 'int' but found 'dyn'",
    '[1, "a"]': "1:5: expected type 'int' but found 'string'",
  }
  for (const [source, message] of Object.entries(messages))
    test(source, () => expect(evaluate(source).split('\n')[0]).toBe(`ERROR: <input>:${message}`))
})

describe('what is unknown decides nothing, unless nothing depends on it', () => {
  const cases: Readonly<Record<string, string>> = {
    'user == "x"': 'unknown user',
    'false && user == "x"': 'false',
    'user == "x" && false': 'false',
    'user == "x" || true': 'true',
    'user == "x" || false': 'unknown user',
    '1 / 0 == 0 || user == "x"': 'unknown user',
    'user == "x" ? 1 : 2': 'unknown user',
    '[1, 2].exists(n, n == 2 || user == "x")': 'true',
    '[1, 2].all(n, user == "x")': 'unknown user',
  }
  const variables = new Map([['user', STRING]])
  for (const [source, expected] of Object.entries(cases))
    test(source, () => {
      const { program } = compileExpression(source, { environment: kubernetesEnvironment(36), variables })
      const { value, stopped } = program!.run([undefined], { unknown: new Map([[0, new Unknown('user')]]) })
      expect(stopped instanceof Unknown ? `unknown ${stopped.what}` : String(value)).toBe(expected)
    })
})

describe('hostile expressions end', () => {
  const nested = (open: string, close: string, depth: number): string =>
    open.repeat(depth) + close.repeat(depth)
  const items = (count: number): string => `[${'1,'.repeat(count)}1]`
  const hostile: Readonly<Record<string, readonly [source: string, expected: RegExp]>> = {
    'deep parentheses': [nested('(', ')', 5000), /recursion limit/],
    'deep lists': [nested('[', ']', 5000), /recursion limit/],
    'long sums': [`0${'+1'.repeat(15_000)}`, /recursion limit/],
    'long selections': [`self${'.name'.repeat(15_000)}`, /recursion limit/],
    'many alternatives': [`false${'||false'.repeat(10_000)}`, /^false$/],
    'loops in loops': [
      `${items(900)}.all(a, ${items(900)}.all(b, ${items(900)}.all(c, a + b + c < 4)))`,
      /cost limit exceeded/,
    ],
    'growing texts': [
      `${items(200)}.map(x, "${'a'.repeat(2000)}").map(x, x + x + x + x).size()`,
      /cost limit|^\d/,
    ],
    'catastrophic pattern': [`"${'a'.repeat(5000)}!".matches("^(a+)+$")`, /^false$/],
    'growing lists': [`${items(900)}.map(x, ${items(10_000)} + ${items(10_000)}).size()`, /cost limit/],
    'deep comparisons': [
      `${items(900)}.all(x, [[${items(15_000)}]] == [[${items(15_000)}]])`,
      /cost limit|^true$/,
    ],
    'printing all of it': [`${items(900)}.all(x, "%s".format([${items(15_000)}]) != "")`, /cost limit/],
    'a dear search': [
      `${items(50)}.all(x, "${'a'.repeat(40_000)}".find("${'(a|b)'.repeat(400)}") == "")`,
      /cost limit/,
    ],
    'a huge range': ['lists.range(9000000000).size()', /limit/],
    'a text without end': ['"abc', /token recognition/],
    'a long text': [`"${'a'.repeat(100_001)}"`, /code point size/],
  }
  for (const [title, [source, expected]] of Object.entries(hostile))
    test(title, () => {
      const before = performance.now()
      expect(evaluate(source)).toMatch(expected)
      expect(performance.now() - before).toBeLessThan(10_000)
    })
})
