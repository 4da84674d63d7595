/** Where the thread of a part begins, as the main thread begins in `main.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { rules } from '../../../rules/index.ts'
import { processIo } from '../io.ts'
import { servePart } from './serve-part.ts'

servePart(parentPort!, workerData, { io: processIo(), rules })
