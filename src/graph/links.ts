/** All that a resource refers to by name. */
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import type { Link } from './link.ts'
import { listObjectLinks } from './object-links.ts'
import { listPodLinks } from './pod-links.ts'

/** Every reference by name that is written in a resource. Computed once a resource. */
export const listLinks = memo((resource: Resource): readonly Link[] => [
  ...listObjectLinks(resource),
  ...listPodLinks(resource),
])
