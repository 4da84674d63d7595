/** What rules about charts ask: a chart's own files, and what all its renderings together tell. */
import { memo } from '../../text/memo.ts'
import { type At, atRoot } from '../../yaml/cursor.ts'
import { listDroppedDocuments } from '../rendered.ts'
import type { ChartFact, ChartParts } from './chart-parts.ts'
import { type DependencyMismatch, listDependencyMismatches } from './dependency-mismatches.ts'
import { type DuplicateDefine, listDuplicateDefines } from './duplicate-defines.ts'
import { type EmptyPrint, listEmptyPrints } from './empty-prints.ts'
import { type FailingComparison, listFailingComparisons } from './failing-comparisons.ts'
import { listMisplacedBlocks, type MisplacedBlock } from './misplaced-blocks.ts'
import { listNamedInChart } from './named-values.ts'
import { listPrintedNumbers, type PrintedNumber } from './printed-numbers.ts'
import { listIndentedStarts, listStrangeTemplates, type StrangeTemplate } from './template-files.ts'
import { listUndefinedValues, type UndefinedValue } from './undefined-values.ts'
import { listUnreachedBranches, type UnreachedBranch } from './unreached-branches.ts'
import { listUnstableTexts, type UnstableText } from './unstable-texts.ts'
import { listUnusedValues, type UnusedValue } from './unused-values.ts'

/** A rendered manifest and the values set that it comes from. */
export interface ChartDocument {
  readonly root: At
  readonly values: string
}

/** Lists are worked out when they are asked for; those of a chart that cannot be loaded are empty. */
export interface ChartFacts
  extends Pick<ChartParts, 'folder' | 'about' | 'defaults' | 'files' | 'definitions' | 'chart' | 'missing'> {
  /** Names of the values sets. */
  readonly setNames: readonly string[]
  /** Manifests that Helm leaves out because it does not know the event of their hook. */
  listDroppedHooks(): readonly ChartDocument[]
  /** Manifests of all renderings. */
  listDocuments(): readonly ChartDocument[]
  listDependencyMismatches(): readonly DependencyMismatch[]
  /** Keys of values.yaml and of other values files that no template can read. */
  listUnusedValues(): readonly UnusedValue[]
  /** Values that templates name and nobody sets. */
  listUndefinedValues(): readonly UndefinedValue[]
  /** Numbers of values files that are printed as another text. */
  listPrintedNumbers(): readonly PrintedNumber[]
  /** Actions that print nothing in the middle of a text. */
  listEmptyPrints(): readonly EmptyPrint[]
  /** Fields that every upgrade makes anew. */
  listUnstableTexts(): readonly UnstableText[]
  /** Branches that run with none of the sets. */
  listUnreachedBranches(): readonly UnreachedBranch[]
  listDuplicateDefines(): readonly DuplicateDefine[]
  /** Comparisons that fail with the chart's own values, wherever they stand. */
  listFailingComparisons(): readonly FailingComparison[]
  /** Blocks that are printed at another level than their template announces. */
  listMisplacedBlocks(): readonly MisplacedBlock[]
  listStrangeTemplates(): readonly StrangeTemplate[]
  listIndentedStarts(): readonly ChartFact[]
}

/** Several lists are made of it. */
const namedValues = memo(listNamedInChart)

/** Several rules ask for them. */
const undefinedValues = memo((parts: ChartParts) => listUndefinedValues(parts, namedValues(parts)))

export function buildChartFacts(parts: ChartParts): ChartFacts {
  const { folder, about, defaults, files, definitions, chart, missing, sets } = parts
  return {
    folder,
    about,
    defaults,
    files,
    definitions,
    chart,
    missing,
    setNames: sets.map(it => it.values),
    listDroppedHooks: () =>
      sets.flatMap(({ values, rendering }) =>
        listDroppedDocuments(rendering).map(it => ({ root: atRoot(it), values })),
      ),
    listDocuments: () =>
      sets.flatMap(({ values, documents }) => documents.map(it => ({ root: atRoot(it), values }))),
    listDependencyMismatches: () => listDependencyMismatches(parts),
    listUnusedValues: () => listUnusedValues(parts, namedValues(parts)),
    listUndefinedValues: () => undefinedValues(parts),
    listPrintedNumbers: () => listPrintedNumbers(parts),
    listEmptyPrints: () => listEmptyPrints(parts),
    listUnstableTexts: () => listUnstableTexts(parts),
    listUnreachedBranches: () => listUnreachedBranches(parts),
    listDuplicateDefines: () => listDuplicateDefines(parts),
    listFailingComparisons: () => listFailingComparisons(parts, namedValues(parts)),
    listMisplacedBlocks: () => listMisplacedBlocks(parts),
    listStrangeTemplates: () => listStrangeTemplates(parts),
    listIndentedStarts: () => listIndentedStarts(parts),
  }
}
