/** Names of iSCSI initiators and targets (RFC 3720). */

const IQN = /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\t\n\f\r ]+)$/
const EUI = /^eui.[A-Za-z0-9]{16}$/
const NAA = /^naa.[A-Za-z0-9]{32}$/

/** What is wrong with a name, as `validateISCSIVolumeSource` tells it. */
export function findIqnFault(iqn: string): 'prefix' | 'format' | undefined {
  if (iqn.startsWith('iqn')) return IQN.test(iqn) ? undefined : 'format'
  if (iqn.startsWith('eui')) return EUI.test(iqn) ? undefined : 'format'
  if (iqn.startsWith('naa')) return NAA.test(iqn) ? undefined : 'format'
  return 'prefix'
}
